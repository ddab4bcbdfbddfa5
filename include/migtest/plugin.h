/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a plugin tells about itself and its tests. All of it is data, so that migtest can list and
 * plan tests, and skip them with a reason, without running them.
 *
 *     MT_PLUGIN(.name = "precopy", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
 *               .summary = "Precopy migration");
 *
 *     static const struct mt_test tests[] = {
 *         {.name = "precopy/unix/plain", .run = unix_plain},
 *     };
 *
 *     int mt_plugin_register(struct mt_registry *registry)
 *     {
 *         return mt_register_group(registry, MT_GROUP("precopy", tests));
 *     }
 */
#ifndef MIGTEST_PLUGIN_H
#define MIGTEST_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <migtest/abi.h>
#include <migtest/machine.h>

MT_BEGIN_C

enum mt_option_type {
    MT_OPTION_INT,
    MT_OPTION_STRING,
    MT_OPTION_BOOL,
};

/* An option of a plugin, which the manifest may set (plugins.NAME.options). */
struct mt_option {
    const char *name;
    const char *help;
    int64_t minimum; /* of an int; both 0: any */
    int64_t maximum;
    int64_t default_int;        /* of an int, and of a bool (0 or 1) */
    const char *default_string; /* NULL: empty */
    enum mt_option_type type;
    uint8_t reserved[4]; /* 0 */
};

/* A row of a table of options; C takes the members in braces as well. */
#define MT_OPTION(...) MT_ROW(mt_option, __VA_ARGS__)

struct mt_plugin {
    size_t size;
    const char *name; /* the name of its file without .so */
    const char *version;
    const char *vendor;
    const char *licence;
    const char *summary;
    const struct mt_option *options;
    size_t option_count;
    size_t option_stride;
    uint8_t reserved[8]; /* 0 */
};

#define MT_OPTIONS(table)                                                                          \
    .options = (table), .option_count = sizeof(table) / sizeof((table)[0]),                        \
    .option_stride = sizeof((table)[0])

/*
 * Defines two of the three things that migtest looks for in a plugin: the ELF note with the ABI
 * that the plugin was built for, and the descriptor. The third is mt_plugin_register.
 */
#define MT_PLUGIN(...)                                                                             \
    __attribute__((section(".note.migtest"), used,                                                 \
                   aligned(4))) static const struct mt_abi_note mt_plugin_abi_note = {             \
        sizeof(MT_NOTE_NAME), 4 * sizeof(uint32_t), MT_NOTE_TYPE, MT_NOTE_NAME,                    \
        MT_NOTE_MAGIC,        MT_ABI_MAJOR,         MT_ABI_MINOR, sizeof(struct mt_plugin)};       \
    MT_BEGIN_C MT_EXPORT extern const struct mt_plugin mt_plugin;                                  \
    MT_END_C const struct mt_plugin mt_plugin = MT_PLUGIN_VALUE(__VA_ARGS__)

#ifdef __cplusplus
#define MT_PLUGIN_VALUE(...) *MT_OBJECT(mt_plugin, __VA_ARGS__)
#else
#define MT_PLUGIN_VALUE(...)                                                                       \
    {                                                                                              \
        .size = sizeof(struct mt_plugin), __VA_ARGS__                                              \
    }
#endif

/*
 * A need that a probe of the QEMU cannot find out, so that its version decides. Where a
 * distribution has backported the feature, the manifest names `word` in `assume:`. `lack` completes
 * the sentence "QEMU 7.2.22 ..." for a QEMU without the feature.
 */
struct mt_since {
    size_t size;
    const char *word;
    const char *source; /* first QEMU version, "9.0"; NULL: any */
    const char *destination;
    const char *lack;
    uint8_t reserved[8]; /* 0 */
};

#define MT_SINCE(...) MT_OBJECT(mt_since, __VA_ARGS__)

/* What both QEMUs and the host must be able to do. migtest probes the binaries themselves. */
struct mt_needs {
    size_t size;
    const char *const
        *capabilities; /* migration capabilities, as query-migrate-capabilities has them */
    const char *const *parameters; /* migration parameters, as query-migrate-parameters has them */
    const char *const *commands;   /* QMP commands, "command.argument", "command.kind" */
    const char *const *devices;    /* as -device help has them */
    const char *const *machines;   /* machine types or aliases */
    const char *const *transports; /* "fd-file": a plain file by fd:NAME (until QEMU 11.0) */
    const char *accel;             /* "kvm": no other accelerator will do */
    const struct mt_since *since;
    bool dirty_ring;     /* KVM's dirty ring (Linux 5.11, QEMU 6.1) */
    uint8_t reserved[7]; /* 0 */
};

#define MT_NEEDS(...) MT_OBJECT(mt_needs, __VA_ARGS__)

/*
 * A test. `run`, `setup` and `teardown` have cmocka's signatures. *state is the test's
 * struct mt_pair *, which starts no QEMU until it is used. When `run` has returned, migtest ends
 * both QEMUs, so that `teardown` cannot use them. By then a migration must be finished, cancelled
 * or failed, otherwise the test fails.
 */
struct mt_test {
    const char *name; /* unique in its plugin, and not "load"; users call the test PLUGIN:NAME */
    const char *summary;
    void (*run)(void **state);
    int (*setup)(void **state);
    int (*teardown)(void **state);
    const struct mt_needs *needs;
    const struct mt_machine *machine;
    const char *const *tags;
    unsigned weight;     /* how many slots of --jobs the test takes; 0: one */
    unsigned timeout_s;  /* in seconds, on a reference machine; 0: the manifest's */
    bool slow;           /* runs only with --slow or `slow: true` */
    bool alone;          /* no other test runs at the same time: to compare two speeds only */
    uint8_t reserved[6]; /* 0 */
};

/* A row of a table of tests; C takes the members in braces as well. */
#define MT_TEST(...) MT_ROW(mt_test, __VA_ARGS__)

/* Tests that share fixtures. Fixtures run in each test's own process, with the pair as *state. */
struct mt_group {
    size_t size;
    const char *name;
    const struct mt_test *tests;
    size_t test_count;
    size_t test_stride;
    int (*setup)(void **state);
    int (*teardown)(void **state);
    uint8_t reserved[8]; /* 0 */
};

/* MT_GROUP(name, table) or, with fixtures, MT_GROUP(name, table, .setup = function, ...) */
#define MT_GROUP(...) MT_GROUP_WITH(__VA_ARGS__, )
#define MT_GROUP_WITH(group_name, table, ...)                                                      \
    MT_OBJECT(mt_group, .name = (group_name), .tests = (table),                                    \
              .test_count = sizeof(table) / sizeof((table)[0]), .test_stride = sizeof((table)[0]), \
              __VA_ARGS__)

struct mt_registry;

/*
 * Hands a group of tests to migtest. The group itself may be temporary; its tests and all strings
 * must exist as long as the plugin is loaded. Returns 0, or -1 when migtest refuses the group (no
 * name, no test, a name that is used already). mt_plugin_register should return that, too.
 */
MT_API int mt_register_group(struct mt_registry *registry, const struct mt_group *group);

/* The plugin defines this function, which registers its groups. Returns 0, or another value where
 * that failed. */
MT_EXPORT int mt_plugin_register(struct mt_registry *registry);

MT_END_C

#endif
