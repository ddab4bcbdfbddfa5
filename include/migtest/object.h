/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the structs that plugins hand to migtest, in C and in C++, out of a list of members:
 *
 *     MT_NEEDS(.capabilities = MT_LIST("multifd"), .accel = "kvm")
 *
 * Members that are not in the list are zero, which always means the default.
 *
 * In C these are compound literals: within a function they live as long as the block around them.
 * C++ has no compound literals, and before C++20 no `.member = value`. There each use of a macro is
 * a static object of its own, which the members are assigned to. So what such a use returns stays
 * valid, and changes when that line runs again. MT_LOCAL_OBJECT may use the variables of the
 * function around it, and so stands within functions only; the others may stand anywhere.
 */
#ifndef MIGTEST_OBJECT_H
#define MIGTEST_OBJECT_H

#include <stddef.h>

#ifndef __cplusplus

/* A struct that begins with its size. */
#define MT_OBJECT(type, ...) (&(const struct type){.size = sizeof(struct type), __VA_ARGS__})
#define MT_LOCAL_OBJECT(type, ...) MT_OBJECT(type, __VA_ARGS__)

/* A row of a table. */
#define MT_ROW(type, ...)                                                                          \
    {                                                                                              \
        __VA_ARGS__                                                                                \
    }

/* A list of strings for a member such as .capabilities. */
#define MT_LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The same of strings that are known at run time only, for a call. */
#define MT_ARGUMENTS(...) MT_LIST(__VA_ARGS__)

#else

#define MT_ASSIGN(object, member) (void)(object member);

/* At most 16 members; the places that are left over are empty. */
#define MT_ASSIGN_16(object, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15,     \
                     m16, m17, ...)                                                                \
    static_assert(sizeof(#m17) == 1, "an object has more than 16 members");                        \
    MT_ASSIGN(object, m1)                                                                          \
    MT_ASSIGN(object, m2)                                                                          \
    MT_ASSIGN(object, m3)                                                                          \
    MT_ASSIGN(object, m4)                                                                          \
    MT_ASSIGN(object, m5)                                                                          \
    MT_ASSIGN(object, m6)                                                                          \
    MT_ASSIGN(object, m7)                                                                          \
    MT_ASSIGN(object, m8)                                                                          \
    MT_ASSIGN(object, m9)                                                                          \
    MT_ASSIGN(object, m10)                                                                         \
    MT_ASSIGN(object, m11)                                                                         \
    MT_ASSIGN(object, m12)                                                                         \
    MT_ASSIGN(object, m13)                                                                         \
    MT_ASSIGN(object, m14)                                                                         \
    MT_ASSIGN(object, m15)                                                                         \
    MT_ASSIGN(object, m16)
#define MT_ASSIGN_EACH(object, ...)                                                                \
    MT_ASSIGN_16(object, __VA_ARGS__, , , , , , , , , , , , , , , , , )

/* The name has the type in it, as the members of one object may be objects as well. */
#define MT_OBJECT_BODY(type, ...)                                                                  \
    ()->const struct type *                                                                        \
    {                                                                                              \
        static struct type mt_the_##type;                                                          \
        mt_the_##type = {};                                                                        \
        mt_the_##type.size = sizeof(mt_the_##type);                                                \
        MT_ASSIGN_EACH(mt_the_##type, __VA_ARGS__)                                                 \
        return &mt_the_##type;                                                                     \
    }
#define MT_OBJECT(type, ...) ([] MT_OBJECT_BODY(type, __VA_ARGS__)())
#define MT_LOCAL_OBJECT(type, ...) ([&] MT_OBJECT_BODY(type, __VA_ARGS__)())

#define MT_ROW(type, ...)                                                                          \
    ([]() {                                                                                        \
        struct type mt_the_##type = {};                                                            \
        MT_ASSIGN_EACH(mt_the_##type, __VA_ARGS__)                                                 \
        return mt_the_##type;                                                                      \
    }())

#define MT_LIST(...)                                                                               \
    ([]() -> const char *const * {                                                                 \
        static const char *const mt_list[] = {__VA_ARGS__, nullptr};                               \
        return mt_list;                                                                            \
    }())

template <size_t COUNT> struct mt_arguments {
    const char *items[COUNT];

    const char *const *list() const
    {
        return items;
    }
};

template <typename... Strings>
mt_arguments<sizeof...(Strings) + 1> mt_make_arguments(Strings... strings)
{
    return {{strings..., nullptr}};
}

#define MT_ARGUMENTS(...) (mt_make_arguments(__VA_ARGS__).list())

#endif

#endif
