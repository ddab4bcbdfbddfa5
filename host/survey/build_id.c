/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/build_id.h"

#include <elf.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static char *digits_of(const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *text = mt_alloc(2 * size + 1, 1);

    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    return text;
}

static char *find_in_notes(Elf_Data *notes)
{
    GElf_Nhdr note;
    size_t name;
    size_t content;
    size_t next;

    for (size_t at = 0; (next = gelf_getnote(notes, at, &note, &name, &content)) > 0; at = next) {
        const unsigned char *bytes = notes->d_buf;
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof("GNU") &&
            memcmp(bytes + name, "GNU", sizeof("GNU")) == 0) {
            return digits_of(bytes + content, note.n_descsz);
        }
    }
    return NULL;
}

static char *find_in_file(Elf *elf)
{
    size_t count;
    char *found = NULL;

    if (elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &count) < 0) {
        return NULL;
    }
    for (size_t i = 0; found == NULL && i < count; i++) {
        GElf_Phdr header;
        if (gelf_getphdr(elf, (int)i, &header) == NULL || header.p_type != PT_NOTE) {
            continue;
        }
        Elf_Data *notes = elf_getdata_rawchunk(elf, (int64_t)header.p_offset, header.p_filesz,
                                               header.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
        found = notes != NULL ? find_in_notes(notes) : NULL;
    }
    return found;
}

char *mt_build_id(const char *path)
{
    MT_AUTO_FD int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || elf_version(EV_CURRENT) == EV_NONE) {
        return NULL;
    }
    Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
    char *found = elf != NULL ? find_in_file(elf) : NULL;
    elf_end(elf);
    return found;
}
