/* SPDX-License-Identifier: Apache-2.0 */
/* The public functions of include/migtest/pair.h. Each calls the library's function of that name.
 */
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "lib/api/fail.h"
#include "lib/pair/pair.h"
#include "lib/verify/leftovers.h"
#include "lib/verify/not_kept.h"

#include <migtest/pair.h>

struct mt_vm *mt_source_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_pair_start(pair, &error));
    return pair->sides[MT_SOURCE].vm;
}

struct mt_vm *mt_destination_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_pair_start(pair, &error));
    CHECK(pair->sides[MT_DESTINATION].vm != NULL ? 0
                                                 : mt_fail(&error, "this pair has no destination"));
    return pair->sides[MT_DESTINATION].vm;
}

void mt_add_args_at(const char *file, int line, struct mt_pair *pair, const char *const *args)
{
    CHECK(mt_pair_add_args(pair, args, &error));
}

struct mt_vm *mt_new_destination_at(const char *file, int line, struct mt_pair *pair)
{
    CHECK(mt_pair_new_destination(pair, &error));
    return pair->sides[MT_DESTINATION].vm;
}

void mt_set_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                          bool on)
{
    CHECK(mt_pair_start(pair, &error));
    for (size_t i = 0; i < MT_SIDES; i++) {
        CHECK(mt_side_set(&pair->sides[i], MT_CAPABILITY, name, json_boolean(on), &error));
    }
}

void mt_set_source_capability_at(const char *file, int line, struct mt_pair *pair, const char *name,
                                 bool on)
{
    CHECK(mt_pair_start(pair, &error));
    CHECK(mt_side_set(&pair->sides[MT_SOURCE], MT_CAPABILITY, name, json_boolean(on), &error));
}

void mt_add_not_kept(struct mt_pair *pair, const char *section, const char *field,
                     const char *reason)
{
    mt_not_kept_add(pair, section, field, reason);
}

void mt_pair_set_data(struct mt_pair *pair, void *data, void (*destroy)(void *data))
{
    pair->test.data = data;
    pair->test.destroy = destroy;
}

void *mt_pair_data(const struct mt_pair *pair)
{
    return pair->test.data;
}

int mt_own_fd(struct mt_pair *pair, int fd)
{
    pair->test.fds = mt_realloc(pair->test.fds, pair->test.fd_count + 1, sizeof(*pair->test.fds));
    pair->test.fds[pair->test.fd_count++] = fd;
    return fd;
}

const char *mt_scratch(const struct mt_pair *pair)
{
    return pair->config->scratch;
}

static const json_t *plugin_option(const char *file, int line, const struct mt_pair *pair,
                                   const char *name)
{
    const json_t *value = json_object_get(pair->config->options, name);

    CHECK(value != NULL ? 0 : mt_fail(&error, "the plugin declares no option %s", name));
    return value;
}

int64_t mt_option_int_at(const char *file, int line, const struct mt_pair *pair, const char *name)
{
    return json_integer_value(plugin_option(file, line, pair, name));
}

bool mt_option_bool_at(const char *file, int line, const struct mt_pair *pair, const char *name)
{
    return json_is_true(plugin_option(file, line, pair, name));
}

const char *mt_option_string_at(const char *file, int line, const struct mt_pair *pair,
                                const char *name)
{
    const char *value = json_string_value(plugin_option(file, line, pair, name));

    return value != NULL ? value : "";
}

void mt_note(struct mt_pair *pair, const char *key, const char *format, ...)
{
    char value[1024];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(value, sizeof(value), format, arguments);
    va_end(arguments);
    mt_pair_note(pair, key, value);
}

static void disown_fd(struct mt_pair *pair, int fd)
{
    for (size_t i = 0; i < pair->test.fd_count; i++) {
        if (pair->test.fds[i] == fd) {
            pair->test.fds[i] = pair->test.fds[--pair->test.fd_count];
            return;
        }
    }
}

void mt_give_fd_at(const char *file, int line, struct mt_pair *pair, struct mt_vm *vm, int fd,
                   const char *name)
{
    struct mt_error error = {0};

    mt_leftovers_set_baseline(pair, vm);
    int result = mt_vm_give_fd(vm, fd, name, &error);
    disown_fd(pair, fd);
    close(fd);
    if (result == 0) {
        mt_api_enter(file, line);
    }
    mt_api_check(file, line, result, &error);
}
