/* SPDX-License-Identifier: Apache-2.0 */
/* A vendor's plugin: the devices that its own machines have, which no test of migtest's brings. */
#include <stdlib.h>
#include <string.h>

#include <migtest/migtest.h>

static const struct mt_option options[] = {
    {.name = "args",
     .type = MT_OPTION_STRING,
     .default_string = "-device am53c974",
     .help = "what both QEMUs are given for these devices, separated by blanks"},
};

MT_PLUGIN(.name = "devices", .version = "1.0", .vendor = "Example Computers",
          .licence = "Apache-2.0", .summary = "Devices of the vendor's own machines",
          MT_OPTIONS(options));

static void add_devices(struct mt_pair *pair)
{
    char *args = strdup(mt_option_string(pair, "args"));
    char *rest = NULL;

    /* From here on it is the pair's to free, wherever this test may fail. */
    mt_pair_set_data(pair, args, free);
    for (char *one = strtok_r(args, " ", &rest); one != NULL; one = strtok_r(NULL, " ", &rest)) {
        mt_add_args(pair, one);
    }
}

/* Between 7.2 and 10.0 QEMU changed what it keeps of this SCSI controller, and gave it a new
 * version. */
static void except_scsi_controller(struct mt_pair *pair)
{
    static const char *const fields[] = {
        "esp.mig_version_id", "esp.data_ready", "esp.drq_state", "esp.data_in_ready", "esp.ti_cmd",
    };

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        mt_add_not_kept(pair, "pciespscsi", fields[i], "another layout of its state");
    }
}

static void arrive(void **state)
{
    struct mt_pair *pair = *state;

    add_devices(pair);
    except_scsi_controller(pair);
    mt_migrate(pair, MT_MIGRATION(.transport = MT_UNIX, .live = true));
}

static const struct mt_test tests[] = {
    {.name = "arrive", .summary = "The devices' state arrives, bit for bit", .run = arrive},
};

int mt_plugin_register(struct mt_registry *registry)
{
    return mt_register_group(registry, MT_GROUP("devices", tests));
}
