/* SPDX-License-Identifier: Apache-2.0 */
#include "lib/guest/complaint.h"

#include <stddef.h>
#include <stdio.h>

#include "guest/contract.h"

static int complain_of_memory(const char *fields, struct mt_error *error)
{
    unsigned address = 0;
    unsigned expected = 0;
    unsigned found = 0;

    if (sscanf(fields, "%8x %8x %8x", &address, &expected, &found) != 3) {
        return mt_fail(error, "the guest found its memory wrong and reported \"%s\"", fields);
    }
    return mt_fail(error,
                   "the guest found its memory wrong: at address 0x%08x it expected 0x%08x and "
                   "found 0x%08x",
                   address, expected, found);
}

static int complain_of_register(const char *fields, struct mt_error *error)
{
    unsigned expected = 0;
    unsigned found = 0;
    int name = 0;

    if (sscanf(fields, "%8x %8x %n", &expected, &found, &name) != 2 || fields[name] == '\0') {
        return mt_fail(error, "the guest found a register wrong and reported \"%s\"", fields);
    }
    return mt_fail(error, "the guest's register %s was 0x%08x and is 0x%08x", fields + name,
                   expected, found);
}

static int complain_of_refusal(const char *fields, struct mt_error *error)
{
    return mt_fail(error,
                   "the CPU refuses the guest its register %s, which it did not when the guest "
                   "started",
                   fields);
}

static const char *exception_name(unsigned vector)
{
    static const char *const names[] = {"#DE", "#DB", "NMI", "#BP", "#OF", "#BR", "#UD",
                                        "#NM", "#DF", "",    "#TS", "#NP", "#SS", "#GP",
                                        "#PF", "",    "#MF", "#AC", "#MC", "#XM"};

    return vector < sizeof(names) / sizeof(names[0]) ? names[vector] : "";
}

static int complain_of_exception(const char *fields, struct mt_error *error)
{
    unsigned vector = 0;
    unsigned code = 0;
    unsigned eip = 0;

    if (sscanf(fields, "%8x %8x %8x", &vector, &code, &eip) != 3) {
        return mt_fail(error, "the guest met an exception and reported \"%s\"", fields);
    }
    return mt_fail(error,
                   "the guest met exception %u (%s) of its CPU, error code 0x%x, at address 0x%08x",
                   vector, exception_name(vector), code, eip);
}

static const struct {
    char kind;
    int (*complain)(const char *fields, struct mt_error *error);
} complaints[] = {
    {MT_GUEST_WRONG, complain_of_memory},
    {MT_GUEST_REGISTER_WRONG, complain_of_register},
    {MT_GUEST_REFUSED, complain_of_refusal},
    {MT_GUEST_EXCEPTION, complain_of_exception},
};

bool mt_is_complaint(char kind)
{
    for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
        if (complaints[i].kind == kind) {
            return true;
        }
    }
    return false;
}

int mt_complain(char kind, const char *fields, struct mt_error *error)
{
    for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++) {
        if (complaints[i].kind == kind) {
            return complaints[i].complain(fields, error);
        }
    }
    return mt_fail(error, "the guest said \"%c %s\"", kind, fields);
}
