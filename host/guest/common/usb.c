/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The USB 3 controller (xHCI) with the first device on it, which is given an address. On each walk
 * the controller obeys one more command, and the device is asked what it is.
 */
#include "arch/io.h"
#include "guest/common/devices.h"

/* Of the operational registers. */
#define COMMAND 0x00
#define RUN 0x1
#define RESET 0x2
#define NOTIFICATIONS 0x14
#define COMMAND_RING 0x18
#define CONTEXTS 0x30
#define CONFIGURE 0x38
#define PORT(index) (0x400 + (index)*0x10)
#define PORT_CONNECTED 0x001
#define PORT_ENABLED 0x002
#define PORT_RESET 0x210 /* and its power stays on */
#define PORT_SPEED(status) ((status) >> 10 & 0xf)

/* Of the first interrupter. */
#define MODERATION 0x24
#define SEGMENTS 0x28
#define SEGMENT_TABLE 0x30
#define EVENTS 0x38
#define EVENTS_BUSY 0x8

/* Of the device's page. */
#define CONTEXTS_AT 0x000
#define SEGMENT_TABLE_AT 0x040
#define COMMANDS_AT 0x080
#define EVENTS_AT 0x100
#define CONTROL_AT 0x200
#define DESCRIPTOR_AT 0x300
#define COMMAND_COUNT_AT 0x380
#define EVENT_COUNT_AT 0x384
#define CONTROL_COUNT_AT 0x388
#define DEVICE_CONTEXT_AT 0x400
#define INPUT_CONTEXT_AT 0x800

#define COMMAND_ENTRIES 7 /* and the link back */
#define CONTROL_ENTRIES 15
#define EVENT_ENTRIES 16

#define CYCLE 0x1
#define KIND(number) ((number) << 10)
#define SETUP_IN (KIND(2) | 0x30040) /* carries its data itself; an answer follows */
#define DATA_IN (KIND(3) | 0x10000)
#define STATUS_AND_EVENT (KIND(4) | 0x20)
#define LINK_AND_TOGGLE (KIND(6) | 0x2)
#define ENABLE_SLOT KIND(9)
#define ADDRESS_DEVICE KIND(11)
#define NO_OPERATION KIND(23)
#define TRANSFERRED KIND(32)
#define OBEYED KIND(33)
#define SUCCEEDED 1
#define SLOT 1 /* the only one that the controller may give */
#define CONTROL_ENDPOINT 1

#define GET_DEVICE_DESCRIPTOR 0x01000680
#define DESCRIPTOR_SIZE 18

struct usb {
    uint32_t page;
    uint32_t operations;
    uint32_t interrupter;
    uint32_t doorbells;
    uint32_t ports;
};

static struct usb find(uint32_t place)
{
    uint32_t start = pci_bar(place, 0);

    return (struct usb){
        .page = device_page(place),
        .operations = start + mmio_read8(start),
        .interrupter = start + mmio_read32(start + 0x18),
        .doorbells = start + mmio_read32(start + 0x14),
        .ports = mmio_read32(start + 0x04) >> 24,
    };
}

static volatile uint32_t *word_at(const struct usb *usb, uint32_t offset)
{
    return (volatile uint32_t *)(usb->page + offset);
}

/* The cycle bit of the turn that the count has come to. */
static uint32_t cycle_of(uint32_t count, uint32_t entries)
{
    return count / entries % 2 == 0 ? CYCLE : 0;
}

static void push(const struct usb *usb, uint32_t ring, uint32_t entries, uint32_t count_at,
                 const uint32_t *entry)
{
    volatile uint32_t *count = word_at(usb, count_at);
    uint32_t cycle = cycle_of(*count, entries);
    volatile uint32_t *words = word_at(usb, ring + *count % entries * 16);

    words[0] = entry[0];
    words[1] = entry[1];
    words[2] = entry[2];
    words[3] = entry[3] | cycle;
    *count += 1;
    if (*count % entries == 0) {
        volatile uint32_t *link = word_at(usb, ring + entries * 16);
        link[0] = usb->page + ring;
        link[3] = LINK_AND_TOGGLE | cycle;
    }
}

/* Takes events until there is one of this kind, which must tell of success. */
static void expect_event(const struct usb *usb, uint32_t kind, const char *what)
{
    volatile uint32_t *count = word_at(usb, EVENT_COUNT_AT);
    volatile uint32_t *event;

    do {
        event = word_at(usb, EVENTS_AT + *count % EVENT_ENTRIES * 16);
        if (!device_wait(&event[3], CYCLE, cycle_of(*count, EVENT_ENTRIES))) {
            expect(kind, 0, "xhci event of %s", what);
        }
        *count += 1;
        mmio_write32(usb->interrupter + EVENTS,
                     (usb->page + EVENTS_AT + *count % EVENT_ENTRIES * 16) | EVENTS_BUSY);
    } while ((event[3] & KIND(0x3f)) != kind);
    expect(SUCCEEDED, event[2] >> 24, "xhci %s", what);
}

static void order(const struct usb *usb, uint32_t address, uint32_t command, const char *what)
{
    const uint32_t entry[4] = {address, 0, 0, command};

    push(usb, COMMANDS_AT, COMMAND_ENTRIES, COMMAND_COUNT_AT, entry);
    mmio_write32(usb->doorbells, 0);
    expect_event(usb, OBEYED, what);
}

static void read_descriptor(const struct usb *usb)
{
    const uint32_t entries[3][4] = {
        {GET_DEVICE_DESCRIPTOR, DESCRIPTOR_SIZE << 16, 8, SETUP_IN},
        {usb->page + DESCRIPTOR_AT, 0, DESCRIPTOR_SIZE, DATA_IN},
        {0, 0, 0, STATUS_AND_EVENT},
    };

    for (unsigned i = 0; i < 3; i++) {
        push(usb, CONTROL_AT, CONTROL_ENTRIES, CONTROL_COUNT_AT, entries[i]);
    }
    mmio_write32(usb->doorbells + SLOT * 4, CONTROL_ENDPOINT);
    expect_event(usb, TRANSFERRED, "control transfer");
}

/* Resets the ports; the number, from 1, of the first with a device; 0: there is none. */
static uint32_t reset_ports(const struct usb *usb)
{
    uint32_t first = 0;

    for (uint32_t i = 0; i < usb->ports; i++) {
        uint32_t port = usb->operations + PORT(i);
        if (!(mmio_read32(port) & PORT_CONNECTED)) {
            continue;
        }
        mmio_write32(port, PORT_RESET);
        if (first == 0 && (mmio_read32(port) & PORT_ENABLED)) {
            first = i + 1;
        }
    }
    return first;
}

static void address_device(const struct usb *usb, uint32_t port)
{
    uint32_t speed = PORT_SPEED(mmio_read32(usb->operations + PORT(port - 1)));
    volatile uint32_t *input = word_at(usb, INPUT_CONTEXT_AT);

    input[1] = 0x3; /* slot and control endpoint, of which each has eight words */
    input[8] = 1u << 27 | speed << 20;
    input[9] = port << 16;
    input[17] = 64 << 16 | 4 << 3 | 3 << 1;
    input[18] = (usb->page + CONTROL_AT) | CYCLE;
    input[20] = 8;
    order(usb, 0, ENABLE_SLOT, "slot");
    *word_at(usb, CONTEXTS_AT + SLOT * 8) = usb->page + DEVICE_CONTEXT_AT;
    order(usb, usb->page + INPUT_CONTEXT_AT, ADDRESS_DEVICE | SLOT << 24, "address");
    read_descriptor(usb);
}

static void start(const struct usb *usb)
{
    mmio_write32(usb->operations + COMMAND, RESET);
    expect(0, mmio_read32(usb->operations + COMMAND), "xhci command after its reset");
    *word_at(usb, SEGMENT_TABLE_AT) = usb->page + EVENTS_AT;
    *word_at(usb, SEGMENT_TABLE_AT + 8) = EVENT_ENTRIES;
    mmio_write32(usb->operations + NOTIFICATIONS, 0x2);
    mmio_write32(usb->operations + CONFIGURE, SLOT);
    mmio_write32(usb->operations + CONTEXTS, usb->page + CONTEXTS_AT);
    mmio_write32(usb->operations + CONTEXTS + 4, 0);
    mmio_write32(usb->operations + COMMAND_RING, (usb->page + COMMANDS_AT) | CYCLE);
    mmio_write32(usb->operations + COMMAND_RING + 4, 0);
    mmio_write32(usb->interrupter + MODERATION, 0x0fa0);
    mmio_write32(usb->interrupter + SEGMENTS, 1);
    mmio_write32(usb->interrupter + EVENTS, usb->page + EVENTS_AT);
    mmio_write32(usb->interrupter + EVENTS + 4, 0);
    mmio_write32(usb->interrupter + SEGMENT_TABLE, usb->page + SEGMENT_TABLE_AT);
    mmio_write32(usb->interrupter + SEGMENT_TABLE + 4, 0);
    mmio_write32(usb->operations + COMMAND, RUN);
}

void usb_program(uint32_t place)
{
    struct usb usb = find(place);

    start(&usb);
    uint32_t port = reset_ports(&usb);
    if (port != 0) {
        address_device(&usb, port);
    }
}

void usb_note(uint32_t place, struct notes *notes)
{
    static const uint8_t operations[] = {COMMAND, NOTIFICATIONS, CONTEXTS, CONFIGURE};
    static const uint8_t events[] = {MODERATION, SEGMENTS, SEGMENT_TABLE};
    struct usb usb = find(place);

    note(notes, usb.ports, "xhci ports");
    for (unsigned i = 0; i < sizeof(operations); i++) {
        note(notes, mmio_read32(usb.operations + operations[i]), "xhci operational 0x%x",
             (uint32_t)operations[i]);
    }
    for (unsigned i = 0; i < sizeof(events); i++) {
        note(notes, mmio_read32(usb.interrupter + events[i]), "xhci interrupter 0x%x",
             (uint32_t)events[i]);
    }
    for (uint32_t i = 0; i < usb.ports; i++) {
        note(notes, mmio_read32(usb.operations + PORT(i)), "xhci port %u", i);
    }
    order(&usb, 0, NO_OPERATION, "command");
    if (*word_at(&usb, CONTROL_COUNT_AT) > 0) {
        read_descriptor(&usb);
        note(notes, *word_at(&usb, DESCRIPTOR_AT + 8), "usb device");
    }
}
