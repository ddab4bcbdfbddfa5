/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that clean up only where all goes well, for migtest plugin test. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <migtest/migtest.h>

static const struct mt_option options[] = {
    {.name = "count", .type = MT_OPTION_INT, .default_int = 3, .help = "a call that needs no QEMU"},
};

MT_PLUGIN(.name = "rude", .version = "1.0", .vendor = "migtest", .licence = "Apache-2.0",
          .summary = "Bad manners when it fails", MT_OPTIONS(options));

static void polite(void **state)
{
    void *memory = malloc(100);

    mt_pair_set_data(*state, memory, free);
    mt_own_fd(*state, open("/dev/null", O_RDONLY | O_CLOEXEC));
    mt_option_int(*state, "count");
    mt_option_int(*state, "count");
}

static void asks(void **state)
{
    mt_qmp(mt_source(*state), "human-monitor-command", "{'command-line': %s}", "info version");
}

static void leaks_memory(void **state)
{
    void *volatile memory = malloc(1000);

    mt_option_int(*state, "count");
    free(memory);
}

static void leaves_descriptor(void **state)
{
    int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

    mt_option_int(*state, "count");
    close(fd);
}

static void leaves_process(void **state)
{
    pid_t child = fork();

    if (child == 0) {
        pause();
        _exit(0);
    }
    mt_option_int(*state, "count");
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static int leaky_setup(void **state)
{
    void *volatile lost = malloc(64);

    (void)state;
    return lost != NULL ? 0 : -1; // NOLINT(clang-analyzer-unix.Malloc): it is what this is for
}

static const struct mt_test tests[] = {
    {.name = "polite", .run = polite},
    {.name = "asks", .run = asks, .machine = MT_MACHINE(.source_only = true)},
    {.name = "leaks-memory", .run = leaks_memory},
    {.name = "leaves-descriptor", .run = leaves_descriptor},
    {.name = "leaves-process", .run = leaves_process},
    {.name = "leaky-setup", .run = polite, .setup = leaky_setup},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("rude", tests));
}
