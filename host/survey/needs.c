/* SPDX-License-Identifier: Apache-2.0 */
#include "survey/needs.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "survey/machines.h"

static bool lists_name(const json_t *abilities, const char *what, const char *name)
{
    size_t index;
    json_t *item;

    if (strcmp(what, "machines") == 0) {
        return mt_machine_is_known(abilities, name);
    }
    json_array_foreach (json_object_get(abilities, what), index, item) {
        if (strcmp(json_string_value(item), name) == 0) {
            return true;
        }
    }
    return false;
}

static int set_lack(struct mt_lack *lack, const char *reason, char *message)
{
    lack->reason = reason;
    lack->message = message;
    return 1;
}

static int check_listed(const struct mt_found *found, const json_t *needs, const char *what,
                        const char *singular, struct mt_lack *ret_lack)
{
    const json_t *sides[] = {found->source, found->destination};
    static const char *const names[] = {"source", "destination"};
    size_t index;
    json_t *need;

    json_array_foreach (json_object_get(needs, what), index, need) {
        for (int i = 0; i < 2; i++) {
            const char *name = json_string_value(need);
            if (!lists_name(sides[i], what, name)) {
                const char *refusal = mt_json_text(json_object_get(sides[i], "refusals"), name);
                return set_lack(ret_lack, singular,
                                mt_text("the %s (QEMU %s) has no %s %s%s%s", names[i],
                                        mt_json_text(sides[i], "version"), singular, name,
                                        refusal[0] != '\0' ? ": " : "", refusal));
            }
        }
    }
    return 0;
}

static bool is_older_version(const char *version, const char *than)
{
    return than[0] != '\0' && strverscmp(version, than) < 0;
}

static int check_since(const struct mt_found *found, const json_t *needs, struct mt_lack *ret_lack)
{
    size_t index;
    json_t *since;

    json_array_foreach (json_object_get(needs, "since"), index, since) {
        bool assumed =
            found->assume != NULL && mt_strings_contain(found->assume, mt_json_text(since, "word"));
        bool source =
            is_older_version(mt_json_text(found->source, "version"), mt_json_text(since, "source"));
        bool destination = is_older_version(mt_json_text(found->destination, "version"),
                                            mt_json_text(since, "destination"));
        if (assumed || (!source && !destination)) {
            continue;
        }
        return set_lack(
            ret_lack, "version",
            mt_text("the %s (QEMU %s) %s", source ? "source" : "destination",
                    mt_json_text(source ? found->source : found->destination, "version"),
                    mt_json_text(since, "lack")));
    }
    return 0;
}

bool mt_needs_kvm(const json_t *needs)
{
    return strcmp(mt_json_text(needs, "accel"), "kvm") == 0 ||
           json_is_true(json_object_get(needs, "dirty_ring"));
}

static int check_kvm(const struct mt_found *found, const json_t *needs, struct mt_lack *ret_lack)
{
    if (!mt_needs_kvm(needs)) {
        return 0;
    }
    if (found->kvm == MT_ACCELERATOR_FAILS) {
        return set_lack(ret_lack, "kvm",
                        mt_text("it needs KVM, which does not work here: %s", found->why_no_kvm));
    }
    if (found->kvm == MT_ACCELERATOR_WORKS && json_is_true(json_object_get(needs, "dirty_ring")) &&
        !found->dirty_ring) {
        return set_lack(
            ret_lack, "dirty-ring",
            mt_text("it needs KVM's dirty ring, which does not work here: %s", found->why_no_ring));
    }
    return 0;
}

int mt_needs_check(const struct mt_found *found, const json_t *needs, struct mt_lack *ret_lack)
{
    static const struct {
        const char *what;
        const char *singular;
    } lists_of[] = {
        {"capabilities", "capability"}, {"parameters", "parameter"}, {"commands", "command"},
        {"devices", "device"},          {"machines", "machine"},     {"transports", "transport"},
    };

    for (size_t i = 0; i < sizeof(lists_of) / sizeof(lists_of[0]); i++) {
        if (check_listed(found, needs, lists_of[i].what, lists_of[i].singular, ret_lack) != 0) {
            return 1;
        }
    }
    if (check_since(found, needs, ret_lack) != 0) {
        return 1;
    }
    return check_kvm(found, needs, ret_lack);
}
