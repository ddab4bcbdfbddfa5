/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ELF headers are read from the memory of the process, not from the files. A file may have been
 * replaced since, or may be in another mount namespace.
 */
#include "lib/process/image.h"

#include <elf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>

#include "base/cleanup.h"
#include "base/hash.h"
#include "base/text.h"

/* One mapped file. */
struct mapped {
    char *path;
    uint64_t start; /* the address of its first byte */
    uint64_t inode;
    char device[16];
    bool executable;
    bool is_program;
    bool is_unreadable; /* a part of it could not be read, so a build id may have been missed */
    char *build_id;     /* see struct mt_image */
};

struct mapped_files {
    pid_t pid;
    struct mapped *items;
    size_t count;
};

/* Limits for what a header may say. The headers of real files stay far below. */
enum {
    MOST_HEADERS = 64,
    MOST_ENTRIES = 1024,
    MOST_NOTE_BYTES = 4096,
};

static int read_memory(pid_t pid, uint64_t address, void *bytes, size_t size)
{
    struct iovec local = {.iov_base = bytes, .iov_len = size};
    struct iovec remote = {.iov_base = (void *)(uintptr_t)address, .iov_len = size};

    return process_vm_readv(pid, &local, 1, &remote, 1, 0) == (ssize_t)size ? 0 : -1;
}

static void clear_files(struct mapped_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].path);
        free(files->items[i].build_id);
    }
    free(files->items);
}

/* Adds a line of /proc/PID/maps. The parts of a file follow one another; the first has offset 0. */
static void add_line(struct mapped_files *files, const char *line)
{
    struct mapped found = {0};
    char rights[5];
    uint64_t offset;
    int path = 0;

    if (sscanf(line, "%" SCNx64 "-%*x %4s %" SCNx64 " %15s %" SCNu64 " %n", &found.start, rights,
               &offset, found.device, &found.inode, &path) < 5 ||
        path == 0 || line[path] != '/') {
        return;
    }
    found.path = mt_text("%.*s", (int)strcspn(line + path, "\n"), line + path);
    struct mapped *last = files->count > 0 ? &files->items[files->count - 1] : NULL;
    if (last != NULL && strcmp(last->path, found.path) == 0 && offset > 0) {
        last->executable = last->executable || rights[2] == 'x';
        free(found.path);
    } else if (offset == 0) {
        found.executable = rights[2] == 'x';
        files->items = mt_realloc(files->items, files->count + 1, sizeof(*files->items));
        files->items[files->count++] = found;
    } else {
        free(found.path);
    }
}

static int list_files(struct mapped_files *files, struct mt_error *error)
{
    MT_AUTO_FREE char *name = mt_text("/proc/%d/maps", (int)files->pid);
    MT_AUTO_FILE FILE *file = fopen(name, "re");
    MT_AUTO_FREE char *line = NULL;
    size_t room = 0;

    if (file == NULL) {
        return mt_fail_errno(error, "cannot open %s", name);
    }
    while (getline(&line, &room, file) > 0) {
        add_line(files, line);
    }
    return 0;
}

/* Notes have a name and a content, which are padded to the alignment of the segment. */
static char *find_build_id(const unsigned char *notes, size_t size, size_t alignment)
{
    const size_t pad = alignment == 8 ? 7 : 3;
    size_t at = 0;

    while (at + sizeof(Elf64_Nhdr) <= size) {
        Elf64_Nhdr note;
        memcpy(&note, notes + at, sizeof(note));
        size_t name = at + sizeof(note);
        size_t content = (name + note.n_namesz + pad) & ~pad;
        if (content > size || note.n_descsz > size - content) {
            return NULL;
        }
        if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
            memcmp(notes + name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0 && note.n_descsz > 0) {
            char *text = mt_alloc(2 * (size_t)note.n_descsz + 1, 1);
            for (size_t i = 0; i < note.n_descsz; i++) {
                snprintf(text + 2 * i, 3, "%02x", notes[content + i]);
            }
            return text;
        }
        at = (content + note.n_descsz + pad) & ~pad;
    }
    return NULL;
}

static void read_notes(pid_t pid, uint64_t bias, const Elf64_Phdr *segment, struct mapped *file)
{
    unsigned char notes[MOST_NOTE_BYTES];
    size_t size = segment->p_memsz < sizeof(notes) ? segment->p_memsz : sizeof(notes);

    if (read_memory(pid, bias + segment->p_vaddr, notes, size) < 0) {
        file->is_unreadable = true;
    } else if (file->build_id == NULL) {
        file->build_id = find_build_id(notes, size, segment->p_align);
    }
}

struct traits {
    bool has_interpreter;
    bool has_soname;
    bool is_pie;
};

static void read_dynamic(pid_t pid, uint64_t address, size_t size, struct traits *traits)
{
    size_t count = size / sizeof(Elf64_Dyn);

    for (size_t i = 0; i < count && i < MOST_ENTRIES; i++) {
        Elf64_Dyn entry;
        if (read_memory(pid, address + i * sizeof(entry), &entry, sizeof(entry)) < 0 ||
            entry.d_tag == DT_NULL) {
            return;
        }
        traits->has_soname = traits->has_soname || entry.d_tag == DT_SONAME;
        traits->is_pie =
            traits->is_pie || (entry.d_tag == DT_FLAGS_1 && (entry.d_un.d_val & DF_1_PIE) != 0);
    }
}

/*
 * Where the loader was started with the program as an argument, /proc/PID/exe and the auxiliary
 * vector show the loader and not the program. But an executable file can be recognized however it
 * was mapped: it is linked to a fixed address, or it is marked as a position-independent
 * executable, or it names an interpreter and has no name for others to link to. The C library names
 * an interpreter, too, but has such a name.
 */
static bool is_program(const Elf64_Ehdr *header, const struct traits *traits)
{
    return header->e_type == ET_EXEC || traits->is_pie ||
           (traits->has_interpreter && !traits->has_soname);
}

static void read_headers(pid_t pid, struct mapped *file)
{
    Elf64_Ehdr header;
    Elf64_Phdr segments[MOST_HEADERS];
    struct traits traits = {0};
    uint64_t bias = file->start;

    if (read_memory(pid, file->start, &header, sizeof(header)) < 0 ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_phentsize != sizeof(segments[0]) || header.e_phnum > MOST_HEADERS ||
        read_memory(pid, file->start + header.e_phoff, segments,
                    header.e_phnum * sizeof(segments[0])) < 0) {
        file->executable = false;
        return;
    }
    for (size_t i = 0; i < header.e_phnum; i++) {
        if (segments[i].p_type == PT_LOAD && segments[i].p_offset == 0) {
            bias = file->start - segments[i].p_vaddr;
        }
    }
    for (size_t i = 0; i < header.e_phnum; i++) {
        if (segments[i].p_type == PT_NOTE) {
            read_notes(pid, bias, &segments[i], file);
        } else if (segments[i].p_type == PT_DYNAMIC) {
            read_dynamic(pid, bias + segments[i].p_vaddr, segments[i].p_memsz, &traits);
        }
        traits.has_interpreter = traits.has_interpreter || segments[i].p_type == PT_INTERP;
    }
    file->is_program = is_program(&header, &traits);
}

static char *file_identity(pid_t pid, const struct mapped *file)
{
    MT_AUTO_FREE char *path = mt_text("/proc/%d/root%s", (int)pid, file->path);
    struct stat status;

    if (stat(path, &status) < 0 || (uint64_t)status.st_ino != file->inode) {
        return mt_text("none: inode %" PRIu64 " of device %s", file->inode, file->device);
    }
    return mt_text("none: inode %" PRIu64 " of device %s, %lld bytes of %lld.%09ld", file->inode,
                   file->device, (long long)status.st_size, (long long)status.st_mtim.tv_sec,
                   status.st_mtim.tv_nsec);
}

static int compare_ids(const void *left, const void *right)
{
    const struct mapped *first = left;
    const struct mapped *second = right;

    return strcmp(first->build_id, second->build_id);
}

/* Hashes the build ids in an order that does not depend on the addresses of the files. */
static char *digest_of(struct mapped_files *files)
{
    char *ids = mt_text_copy("");

    qsort(files->items, files->count, sizeof(files->items[0]), compare_ids);
    for (size_t i = 0; i < files->count; i++) {
        mt_text_append(&ids, "%s\n", files->items[i].build_id);
    }
    char *digest = mt_text("%016llx", (unsigned long long)mt_hash(ids));
    free(ids);
    return digest;
}

static void keep_executable(struct mapped_files *files)
{
    size_t kept = 0;

    for (size_t i = 0; i < files->count; i++) {
        struct mapped *file = &files->items[i];
        read_headers(files->pid, file);
        if (!file->executable) {
            free(file->path);
            free(file->build_id);
            continue;
        }
        if (file->build_id == NULL) {
            file->build_id = file_identity(files->pid, file);
        }
        files->items[kept++] = *file;
    }
    files->count = kept;
}

static int take_image(struct mapped_files *files, struct mt_image *ret_image,
                      struct mt_error *error)
{
    const struct mapped *program = NULL;

    for (size_t i = 0; i < files->count && program == NULL; i++) {
        program = files->items[i].is_program ? &files->items[i] : NULL;
    }
    /* A process that ends loses its memory before its list of mapped files. */
    if (program == NULL || program->is_unreadable) {
        return mt_fail(error, "process %d has mapped no program that can be read", files->pid);
    }
    struct mt_image image = {.path = mt_text_copy(program->path),
                             .build_id = mt_text_copy(program->build_id)};
    image.digest = digest_of(files);
    *ret_image = image;
    return 0;
}

int mt_image_read(pid_t pid, struct mt_image *ret_image, struct mt_error *error)
{
    struct mapped_files files = {.pid = pid};
    int result = list_files(&files, error);

    if (result == 0) {
        keep_executable(&files);
        result = take_image(&files, ret_image, error);
    }
    clear_files(&files);
    return result;
}

void mt_image_clear(struct mt_image *image)
{
    free(image->path);
    free(image->build_id);
    free(image->digest);
    *image = (struct mt_image){0};
}
