/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/verify/view_values.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text.h"

static bool view_is_ignored(const char *name, const char *const *ignored)
{
    for (; ignored != NULL && *ignored != NULL; ignored++) {
        if (strcmp(name, *ignored) == 0) {
            return true;
        }
    }
    return false;
}

static void view_compare(json_t *differences, const char *path, const json_t *source,
                         const json_t *destination, const char *const *ignored);

static void view_compare_member(json_t *differences, const char *path, const char *name,
                                const json_t *source, const json_t *destination,
                                const char *const *ignored)
{
    MT_AUTO_FREE char *inner = mt_text("%s%s%s", path, path[0] != '\0' ? "." : "", name);

    if (!view_is_ignored(name, ignored)) {
        view_compare(differences, inner, json_object_get(source, name),
                     json_object_get(destination, name), ignored);
    }
}

static void view_compare(json_t *differences, const char *path, const json_t *source,
                         const json_t *destination, const char *const *ignored)
{
    const char *name;
    json_t *value;

    if (!json_is_object(source) || !json_is_object(destination)) {
        if (!json_equal(source, destination)) {
            json_object_set_new(
                differences, path,
                json_pack("{s:O*, s:O*}", "source", source, "destination", destination));
        }
        return;
    }
    json_object_foreach ((json_t *)(uintptr_t)source, name, value) {
        view_compare_member(differences, path, name, source, destination, ignored);
    }
    json_object_foreach ((json_t *)(uintptr_t)destination, name, value) {
        if (json_object_get(source, name) == NULL) {
            view_compare_member(differences, path, name, source, destination, ignored);
        }
    }
}

json_t *mt_view_compare(const json_t *source, const json_t *destination, const char *const *ignored)
{
    json_t *differences = json_object();

    view_compare(differences, "", source, destination, ignored);
    return differences;
}

static char *side_text(const json_t *difference, const char *side)
{
    const json_t *value = json_object_get(difference, side);

    return value != NULL ? json_dumps(value, JSON_ENCODE_ANY) : mt_text_copy("nothing");
}

char *mt_view_difference_text(const char *path, const json_t *difference)
{
    MT_AUTO_FREE char *source = side_text(difference, "source");
    MT_AUTO_FREE char *destination = side_text(difference, "destination");

    return mt_text("%s: source %s, destination %s", path, source, destination);
}

/* Adds the features of a list whose items are texts such as "VIRTIO_F_VERSION_1: Device compliant
 * ...". */
static void add_named(json_t *features, const json_t *names)
{
    const json_t *feature;
    size_t i;

    json_array_foreach (names, i, feature) {
        const char *text = json_string_value(feature);
        MT_AUTO_FREE char *name =
            mt_text("%.*s", text != NULL ? (int)strcspn(text, ":") : 0, text != NULL ? text : "");
        json_object_set_new(features, name, json_true());
    }
}

json_t *mt_view_features(const json_t *lists)
{
    json_t *features = json_object();
    const char *name;
    json_t *value;

    json_object_foreach ((json_t *)(uintptr_t)lists, name, value) {
        if (json_is_array(value)) {
            add_named(features, value);
        } else if (json_is_integer(value)) {
            json_int_t bits = json_integer_value(json_object_get(features, "unknown"));
            json_object_set_new(features, "unknown",
                                json_integer(bits | json_integer_value(value)));
        }
    }
    return features;
}
