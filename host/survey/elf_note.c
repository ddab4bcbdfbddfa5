/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/elf_note.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>

#include "base/cleanup.h"
#include "survey/elf_versions.h"

#include <migtest/abi.h>

static const char our_cmocka[] = "libcmocka.so.0";

struct plugin_file {
    const char *path;
    Elf *elf;
    struct mt_error *error;
};

static int check_kind(const struct plugin_file *file)
{
    GElf_Ehdr header;

    if (elf_kind(file->elf) != ELF_K_ELF || gelf_getehdr(file->elf, &header) == NULL) {
        return mt_fail(file->error, "%s is not an ELF file, expected a shared object", file->path);
    }
    if (header.e_type != ET_DYN) {
        return mt_fail(file->error, "%s is not a shared object", file->path);
    }
    if (header.e_machine != EM_X86_64 || header.e_ident[EI_CLASS] != ELFCLASS64) {
        return mt_fail(file->error, "%s is built for machine %u, expected x86-64 (%u)", file->path,
                       header.e_machine, EM_X86_64);
    }
    return 0;
}

static Elf_Scn *note_section(const struct plugin_file *file, const char *name)
{
    size_t names;
    Elf_Scn *section = NULL;

    if (elf_getshdrstrndx(file->elf, &names) != 0) {
        return NULL;
    }
    while ((section = elf_nextscn(file->elf, section)) != NULL) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL) {
            continue;
        }
        const char *its_name = elf_strptr(file->elf, names, header.sh_name);
        if (its_name != NULL && strcmp(its_name, name) == 0) {
            return section;
        }
    }
    return NULL;
}

static int read_note(const struct plugin_file *file, struct mt_plugin_note *ret_note)
{
    Elf_Scn *section = note_section(file, ".note.migtest");
    Elf_Data *data = section != NULL ? elf_rawdata(section, NULL) : NULL;
    struct mt_abi_note note;

    if (data == NULL || data->d_buf == NULL || data->d_size < sizeof(note)) {
        return mt_fail(file->error,
                       "%s has no note of its ABI, expected the one that MT_PLUGIN writes",
                       file->path);
    }
    memcpy(&note, data->d_buf, sizeof(note));
    if (note.type != MT_NOTE_TYPE || memcmp(note.name, MT_NOTE_NAME, sizeof(note.name)) != 0 ||
        note.magic != MT_NOTE_MAGIC) {
        return mt_fail(file->error, "%s has a note .note.migtest that is not MT_PLUGIN's",
                       file->path);
    }
    *ret_note = (struct mt_plugin_note){.abi_major = note.abi_major, .abi_minor = note.abi_minor};
    return 0;
}

static int check_abi(const struct plugin_file *file, const struct mt_plugin_note *note)
{
    /* A newer minor is accepted: the symbols of the plugin tell which minor it needs. */
    if (note->abi_major == MT_ABI_MAJOR) {
        return 0;
    }
    return mt_fail(file->error, "%s has ABI %u.%u, this migtest takes %d.0 to %d.%d", file->path,
                   note->abi_major, note->abi_minor, MT_ABI_MAJOR, MT_ABI_MAJOR, MT_ABI_MINOR);
}

static bool defines(const struct plugin_file *file, const char *name)
{
    Elf_Scn *section = note_section(file, ".dynsym");
    GElf_Shdr header;
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;

    if (data == NULL || gelf_getshdr(section, &header) == NULL || header.sh_entsize == 0) {
        return false;
    }
    for (int i = 0; i < (int)(header.sh_size / header.sh_entsize); i++) {
        GElf_Sym symbol;
        if (gelf_getsym(data, i, &symbol) == NULL || symbol.st_shndx == SHN_UNDEF) {
            continue;
        }
        const char *its_name = elf_strptr(file->elf, header.sh_link, symbol.st_name);
        if (its_name != NULL && strcmp(its_name, name) == 0) {
            return true;
        }
    }
    return false;
}

static int check_symbols(const struct plugin_file *file)
{
    static const char *const expected[] = {"mt_plugin", "mt_plugin_register"};

    for (size_t i = 0; i < 2; i++) {
        if (!defines(file, expected[i])) {
            return mt_fail(file->error, "%s has no symbol %s, expected every plugin to export it",
                           file->path, expected[i]);
        }
    }
    if (defines(file, "_cmocka_run_group_tests")) {
        return mt_fail(file->error,
                       "%s holds a cmocka of its own, expected it to be linked to %s: two copies "
                       "cannot see each other's tests",
                       file->path, our_cmocka);
    }
    return 0;
}

static int check_needed(const struct plugin_file *file)
{
    Elf_Scn *section = note_section(file, ".dynamic");
    GElf_Shdr header;
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;

    if (data == NULL || gelf_getshdr(section, &header) == NULL || header.sh_entsize == 0) {
        return 0;
    }
    for (int i = 0; i < (int)(header.sh_size / header.sh_entsize); i++) {
        GElf_Dyn entry;
        if (gelf_getdyn(data, i, &entry) == NULL || entry.d_tag != DT_NEEDED) {
            continue;
        }
        const char *name = elf_strptr(file->elf, header.sh_link, entry.d_un.d_val);
        if (name != NULL && strncmp(name, "libcmocka.so", strlen("libcmocka.so")) == 0 &&
            strcmp(name, our_cmocka) != 0) {
            return mt_fail(file->error, "%s needs %s, expected %s as migtest itself uses",
                           file->path, name, our_cmocka);
        }
    }
    return 0;
}

static int check_plugin_file(const struct plugin_file *file, struct mt_plugin_note *ret_note)
{
    if (check_kind(file) < 0 || read_note(file, ret_note) < 0 || check_abi(file, ret_note) < 0 ||
        check_symbols(file) < 0 ||
        mt_elf_needed_minor(file->elf, file->path, &ret_note->needed_minor, file->error) < 0) {
        return -1;
    }
    return check_needed(file);
}

int mt_elf_check_plugin(const char *path, struct mt_plugin_note *ret_note, struct mt_error *error)
{
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return mt_fail_errno(error, "cannot open the plugin %s", path);
    }
    elf_version(EV_CURRENT);
    struct plugin_file file = {
        .path = path, .elf = elf_begin(fd, ELF_C_READ, NULL), .error = error};
    if (file.elf == NULL) {
        return mt_fail(error, "%s is not an ELF file: %s", path, elf_errmsg(-1));
    }
    int result = check_plugin_file(&file, ret_note);
    elf_end(file.elf);
    return result;
}
