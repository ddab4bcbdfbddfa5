/* SPDX-License-Identifier: Apache-2.0 */
/* The pointer of VMware's port, which moves to places rather than by distances. */
#include "arch/io.h"
#include "guest/x86/registers.h"

#define PORT 0x5658
#define MAGIC 0x564d5868
#define GET_VERSION 10
#define TAKE 39
#define GET_STATUS 40
#define ORDER 41
#define ORDER_ID 0x45414552
#define ORDER_ABSOLUTE 0x53424152

struct answer {
    uint32_t a;
    uint32_t b;
};

static struct answer ask(uint32_t command, uint32_t argument)
{
    struct answer answer = {.a = MAGIC, .b = argument};
    uint32_t count = command;
    uint32_t port = PORT;

    __asm__ volatile("inl %%dx, %%eax"
                     : "+a"(answer.a), "+b"(answer.b), "+c"(count), "+d"(port)
                     :
                     : "esi", "edi", "memory");
    drop_stack_translation();
    return answer;
}

static uint32_t is_there(void)
{
    return ask(GET_VERSION, 0).b == MAGIC;
}

/* Its identity waits to be taken, before and after a migration. */
void pointer_program(void)
{
    if (is_there()) {
        ask(ORDER, ORDER_ID);
        ask(ORDER, ORDER_ABSOLUTE);
    }
}

void pointer_note(struct notes *notes)
{
    if (!notes_decide(notes, is_there)) {
        return;
    }
    note(notes, ask(GET_STATUS, 0).a, "vmmouse status");
    note(notes, ask(TAKE, 1).a, "vmmouse identity");
    ask(ORDER, ORDER_ID);
}
