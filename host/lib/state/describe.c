/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/state/describe.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "base/text.h"
#include "lib/state/stream.h"

/* The bytes that begin the parts of QEMU's migration stream. */
enum {
    END = 0x00,
    CONFIGURATION = 0x07,
    DESCRIPTION = 0x06,
};

/* The RAM of the VM that describes is all zero, and each zero page takes nine bytes in the stream.
 */
static const size_t largest_stream = 512 * 1024 * 1024;

/* The name of the machine type without an alias, such as "pc-q35-10.0"; NULL: it is unknown. The
 * caller frees it. */
static char *machine_name(struct mt_vm *vm, struct mt_error *error)
{
    const char *suffix = "-machine";
    MT_AUTO_JSON json_t *value = NULL;

    if (mt_vm_qmp_format(vm, &value, error, "qom-get", "{'path': '/machine', 'property': 'type'}") <
        0) {
        return NULL;
    }
    const char *type = json_string_value(value);
    size_t size = type != NULL ? strlen(type) : 0;
    if (size <= strlen(suffix) || strcmp(type + size - strlen(suffix), suffix) != 0) {
        mt_fail(error, "the machine is of no known type");
        return NULL;
    }
    return mt_text("%.*s", (int)(size - strlen(suffix)), type);
}

static void put_number(FILE *file, size_t number)
{
    uint32_t big = htobe32((uint32_t)number);

    fwrite(&big, sizeof(big), 1, file);
}

/*
 * This section is about a ROM. If SeaBIOS has run that ROM, QEMU looks for it in the guest's RAM
 * when it loads the section, but the RAM is empty here. So the section is sent as zeros, its
 * content when the ROM has not run. The names of its fields stay the same.
 */
static const char rom_section[] = "kvm-tpr-opt";

static void put_section(const struct mt_section *section, FILE *file)
{
    const unsigned char *end = section->bytes + section->size;

    if (strcmp(section->name, rom_section) != 0) {
        fwrite(section->whole, section->whole_size, 1, file);
        return;
    }
    fwrite(section->whole, (size_t)(section->bytes - section->whole), 1, file);
    for (size_t i = 0; i < section->size; i++) {
        fputc(0, file);
    }
    fwrite(end, (size_t)(section->whole + section->whole_size - end), 1, file);
}

static void put_sections(const struct mt_sections *sections, const struct mt_sections *own,
                         FILE *file)
{
    for (size_t i = 0; i < sections->count; i++) {
        const struct mt_section *section = &sections->items[i];
        if (mt_sections_find(own, section->name, section->instance) != NULL) {
            put_section(section, file);
        }
    }
    fputc(END, file);
}

/* QEMU loads a stream only with the name of the machine at the start and a description at the end.
 * The description may be empty. */
static char *compose_stream(const struct mt_sections *sections, const struct mt_sections *own,
                            const char *machine, size_t *ret_size)
{
    char *stream = NULL;
    FILE *file = open_memstream(&stream, ret_size);

    fwrite(sections->stream, MT_STREAM_HEADER_SIZE, 1, file);
    fputc(CONFIGURATION, file);
    put_number(file, strlen(machine));
    fputs(machine, file);
    put_sections(sections, own, file);
    fputc(DESCRIPTION, file);
    put_number(file, strlen("{}"));
    fputs("{}", file);
    fclose(file);
    return stream;
}

static int describe_load_from(struct mt_vm *vm, int fd, struct mt_error *error)
{
    if (mt_vm_give_fd(vm, fd, "state", error) < 0 ||
        mt_vm_qmp_format(vm, NULL, error, "migrate-incoming", "{'uri': 'fd:state'}") < 0) {
        return -1;
    }
    return mt_vm_wait_reply(vm, NULL, "query-status", "status", "paused", MT_STEP_TIMEOUT_MS,
                            error);
}

static int describe_load(struct mt_vm *vm, const struct mt_sections *sections,
                         const struct mt_sections *own, struct mt_error *error)
{
    MT_AUTO_FREE char *machine = machine_name(vm, error);
    MT_AUTO_FREE char *bytes = NULL;
    MT_AUTO_FD int fd = -1;
    struct mt_stream *stream = NULL;
    size_t size = 0;

    if (machine == NULL) {
        return -1;
    }
    bytes = compose_stream(sections, own, machine, &size);
    int result = mt_stream_feed(bytes, size, &stream, &fd, error);
    if (result == 0) {
        result = describe_load_from(vm, fd, error);
    }
    mt_stream_end(stream);
    return result;
}

static int describe_save_to(struct mt_vm *vm, int fd, struct mt_error *error)
{
    if (mt_vm_give_fd(vm, fd, "description", error) < 0 ||
        mt_vm_qmp_format(vm, NULL, error, "migrate-set-parameters",
                         "{'max-bandwidth': 10000000000}") < 0 ||
        mt_vm_qmp_format(vm, NULL, error, "migrate", "{'uri': 'fd:description'}") < 0) {
        return -1;
    }
    return mt_vm_wait_reply(vm, NULL, "query-migrate", "status", "completed", MT_STEP_TIMEOUT_MS,
                            error);
}

static int describe_save(struct mt_vm *vm, char **ret_bytes, size_t *ret_size,
                         struct mt_error *error)
{
    MT_AUTO_FD int fd = -1;
    struct mt_stream *stream = NULL;
    int result = mt_stream_collect(largest_stream, &stream, &fd, error);

    if (result == 0) {
        result = describe_save_to(vm, fd, error);
    }
    if (result == 0) {
        result = mt_stream_take(stream, ret_bytes, ret_size, error);
    }
    mt_stream_end(stream);
    return result;
}

/* The description is the last part of the stream. It follows a mark and its size. */
static int find_description(const char *stream, size_t size, json_t **ret_devices,
                            struct mt_error *error)
{
    const size_t header = 1 + sizeof(uint32_t);

    for (size_t back = header + 1; back < size; back++) {
        uint32_t length;
        const char *at = stream + size - back;
        memcpy(&length, at + 1, sizeof(length));
        if (*at == DESCRIPTION && be32toh(length) == back - header && at[header] == '{') {
            json_t *description = json_loadb(at + header, back - header, 0, NULL);
            *ret_devices = json_incref(json_object_get(description, "devices"));
            json_decref(description);
            return *ret_devices != NULL ? 0 : mt_fail(error, "the stream describes no devices");
        }
    }
    return mt_fail(error, "the stream does not end with a description");
}

int mt_state_describe(struct mt_vm *vm, const struct mt_sections *sections,
                      const struct mt_sections *own, json_t **ret_devices, struct mt_error *error)
{
    MT_AUTO_FREE char *bytes = NULL;
    size_t size = 0;

    if (describe_load(vm, sections, own, error) < 0 ||
        describe_save(vm, &bytes, &size, error) < 0 ||
        find_description(bytes, size, ret_devices, error) < 0) {
        return mt_wrap(error, "asking QEMU for the names of its fields");
    }
    return 0;
}

const json_t *mt_state_description_of(const json_t *devices, const struct mt_section *section)
{
    const json_t *device;
    size_t i;

    json_array_foreach (devices, i, device) {
        const char *name = mt_json_find_text(device, "name");
        if (name != NULL && strcmp(name, section->name) == 0 &&
            json_integer_value(json_object_get(device, "instance_id")) == section->instance) {
            return device;
        }
    }
    return NULL;
}
