/* SPDX-License-Identifier: Apache-2.0 */
#include "runner/test_limits.h"

int64_t mt_test_ram(const struct mt_run_config *config, const struct mt_planned *test)
{
    int64_t own_mib = json_integer_value(json_object_get(test->description, "ram_mib"));

    return own_mib > 0 ? own_mib << 20 : config->survey->manifest->ram;
}

double mt_test_factor(const struct mt_run_config *config, const struct mt_planned *test)
{
    const struct mt_survey *survey = config->survey;
    struct mt_calibration calibration = config->calibration;

    calibration.boot_ms = mt_survey_boot_ms(survey, test->needs_kvm ? "kvm" : survey->accel);
    return mt_calibration_factor(&calibration) * mt_ram_factor(mt_test_ram(config, test));
}

int64_t mt_test_timeout_ms(const struct mt_run_config *config, const struct mt_planned *test)
{
    int64_t own = json_integer_value(json_object_get(test->description, "timeout_ms"));
    int64_t limit = own > 0 ? own : config->survey->manifest->timeout_ms;

    return config->timeout_ms > 0 ? config->timeout_ms
                                  : (int64_t)((double)limit * mt_test_factor(config, test));
}
