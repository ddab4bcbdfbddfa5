/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/elf_versions.h"

#include <gelf.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <migtest/abi.h>

struct search {
    Elf *elf;
    const char *path;
    struct mt_error *error;
    Elf_Scn *versions; /* .gnu.version, a number for each symbol of .dynsym; NULL: none */
    Elf_Scn *symbols;
    uint32_t minor;
};

static Elf_Scn *section_of_type(Elf *elf, GElf_Word type, GElf_Shdr *ret_header)
{
    Elf_Scn *section = NULL;

    while ((section = elf_nextscn(elf, section)) != NULL) {
        if (gelf_getshdr(section, ret_header) != NULL && ret_header->sh_type == type) {
            return section;
        }
    }
    return NULL;
}

/* The first symbol of that version; "a symbol" if the file does not say. */
static const char *symbol_of(const struct search *search, GElf_Half version)
{
    GElf_Shdr header;
    Elf_Data *versions = search->versions != NULL ? elf_getdata(search->versions, NULL) : NULL;
    Elf_Data *symbols = search->symbols != NULL ? elf_getdata(search->symbols, NULL) : NULL;
    GElf_Versym number;
    GElf_Sym symbol;

    if (versions == NULL || symbols == NULL || gelf_getshdr(search->symbols, &header) == NULL) {
        return "a symbol";
    }
    for (int i = 0; gelf_getversym(versions, i, &number) != NULL; i++) {
        if ((number & 0x7fff) == version && gelf_getsym(symbols, i, &symbol) != NULL) {
            const char *name = elf_strptr(search->elf, header.sh_link, symbol.st_name);
            return name != NULL ? name : "a symbol";
        }
    }
    return "a symbol";
}

static int take_node(struct search *search, const char *node, GElf_Half version)
{
    unsigned major;
    unsigned minor;
    char rest;

    if (sscanf(node, "MIGTEST_%u.%u%c", &major, &minor, &rest) != 2) {
        return mt_fail(search->error,
                       "%s uses %s, which is migtest's own (%s); expected only what its headers "
                       "declare",
                       search->path, symbol_of(search, version), node);
    }
    if (major != MT_ABI_MAJOR || minor > MT_ABI_MINOR) {
        return mt_fail(search->error, "%s needs ABI %u.%u (for %s), this migtest has %d.%d",
                       search->path, major, minor, symbol_of(search, version), MT_ABI_MAJOR,
                       MT_ABI_MINOR);
    }
    search->minor = minor > search->minor ? minor : search->minor;
    return 0;
}

/* Goes through the version nodes that the plugin needs from a library. */
static int walk_nodes(struct search *search, Elf_Data *data, GElf_Word names, size_t offset,
                      unsigned count)
{
    GElf_Vernaux node;

    for (unsigned i = 0; i < count && offset < data->d_size; i++) {
        if (gelf_getvernaux(data, (int)offset, &node) == NULL) {
            return 0;
        }
        const char *name = elf_strptr(search->elf, names, node.vna_name);
        if (name != NULL && take_node(search, name, node.vna_other) < 0) {
            return -1;
        }
        if (node.vna_next == 0) {
            return 0;
        }
        offset += node.vna_next;
    }
    return 0;
}

static bool is_ours(const char *library)
{
    return library != NULL && strncmp(library, "libmigtest.so", strlen("libmigtest.so")) == 0;
}

static int walk_libraries(struct search *search, Elf_Data *data, const GElf_Shdr *header)
{
    GElf_Verneed library;
    size_t offset = 0;

    /* The offset grows with each step, so a malformed file cannot make this loop endless. */
    while (offset < data->d_size && gelf_getverneed(data, (int)offset, &library) != NULL) {
        if (is_ours(elf_strptr(search->elf, header->sh_link, library.vn_file)) &&
            walk_nodes(search, data, header->sh_link, offset + library.vn_aux, library.vn_cnt) <
                0) {
            return -1;
        }
        if (library.vn_next == 0) {
            break;
        }
        offset += library.vn_next;
    }
    return 0;
}

int mt_elf_needed_minor(Elf *elf, const char *path, uint32_t *ret_minor, struct mt_error *error)
{
    struct search search = {.elf = elf, .path = path, .error = error};
    GElf_Shdr ignored;
    GElf_Shdr header;
    Elf_Scn *section = section_of_type(elf, SHT_GNU_verneed, &header);
    Elf_Data *data = section != NULL ? elf_getdata(section, NULL) : NULL;

    search.versions = section_of_type(elf, SHT_GNU_versym, &ignored);
    search.symbols = section_of_type(elf, SHT_DYNSYM, &ignored);
    if (data != NULL && walk_libraries(&search, data, &header) < 0) {
        return -1;
    }
    *ret_minor = search.minor;
    return 0;
}
