/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       The thread that runs the agent and the scripts
 *
 * Others, interrupts among them, only leave something for it to find and post
 * an event.
 *
 * @}
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "auto_init_utils.h"
#include "event.h"
#include "irq.h"
#include "modules.h"
#include "mutex.h"
#include "random.h"
#include "thread.h"
#include "tsrb.h"
#include "ztimer.h"

#include "internal.h"
#include "rbpf_agent.h"
#include "rbpf_link.h"

typedef struct {
    event_t super;
    const char *name;           /**< NULL: free */
    uint8_t len;
    uint8_t context[RBPF_EVENT_CONTEXT_MAX];
} _fired_t;

static char _stack[THREAD_STACKSIZE_DEFAULT + CONFIG_RBPF_THREAD_STACK_EXTRA];
static event_queue_t _queue = EVENT_QUEUE_INIT_DETACHED;

static uint8_t _rx_buffer[CONFIG_RBPF_RX_BYTES];
static tsrb_t _rx = TSRB_INIT(_rx_buffer);

static uint8_t _text_buffer[CONFIG_RBPF_TEXT_BYTES];
static tsrb_t _text = TSRB_INIT(_text_buffer);

static _fired_t _fired[CONFIG_RBPF_EVENTS];

uint32_t rbpf_port_now_us(void)
{
    return ztimer_now(ZTIMER_USEC);
}

uint32_t rbpf_port_now_ms(void)
{
    return ztimer_now(ZTIMER_MSEC);
}

uint32_t rbpf_port_random(void)
{
    return random_uint32();
}

static void _on_rx(event_t *event)
{
    uint8_t piece[32];
    int len;

    (void)event;
    while ((len = tsrb_get(&_rx, piece, sizeof(piece))) > 0) {
        rbpf_core_serial(piece, len);
    }
}

static event_t _rx_event = { .handler = _on_rx };

static void _link_rx(const uint8_t *data, size_t len)
{
    /* What does not fit is lost; the frame's checksum tells, the peer repeats. */
    tsrb_add(&_rx, data, len);
    event_post(&_queue, &_rx_event);
}

static void _on_fired(event_t *event)
{
    _fired_t *fired = (_fired_t *)event;

    rbpf_core_fire(fired->name, fired->context, fired->len);
    fired->name = NULL;
}

int rbpf_event(const char *name, const void *context, size_t len)
{
    _fired_t *fired = NULL;

    if (len > RBPF_EVENT_CONTEXT_MAX) {
        return -EMSGSIZE;
    }

    unsigned state = irq_disable();
    for (unsigned i = 0; i < CONFIG_RBPF_EVENTS; i++) {
        if (_fired[i].name == NULL) {
            fired = &_fired[i];
            fired->name = name;
            break;
        }
    }
    irq_restore(state);

    if (fired == NULL) {
        return -EAGAIN;
    }
    fired->super.handler = _on_fired;
    fired->len = len;
    if (len > 0) {
        memcpy(fired->context, context, len);
    }
    event_post(&_queue, &fired->super);
    return 0;
}

static void _on_text(event_t *event)
{
    char piece[32];
    int len;

    (void)event;
    while ((len = tsrb_get(&_text, (uint8_t *)piece, sizeof(piece))) > 0) {
        rbpf_core_print(piece, len);
    }
}

static event_t _text_event = { .handler = _on_text };

size_t rbpf_print(const char *text, size_t len)
{
    int taken = tsrb_add(&_text, (const uint8_t *)text, len);

    event_post(&_queue, &_text_event);
    return taken;
}

typedef struct {
    event_t super;
    mutex_t done;
    void (*function)(void *arg);
    void *arg;
} _call_t;

static void _on_call(event_t *event)
{
    _call_t *call = (_call_t *)event;

    call->function(call->arg);
    mutex_unlock(&call->done);
}

void rbpf_agent_call(void (*function)(void *arg), void *arg)
{
    _call_t call = {
        .super.handler = _on_call,
        .done = MUTEX_INIT_LOCKED,
        .function = function,
        .arg = arg,
    };

    event_post(&_queue, &call.super);
    mutex_lock(&call.done);
}

static event_t *_next_event(uint32_t wait_ms)
{
    if (wait_ms == 0) {
        thread_yield();
        return event_get(&_queue);
    }
    if (wait_ms == RBPF_CORE_NEVER) {
        return event_wait(&_queue);
    }
    return event_wait_timeout_ztimer(&_queue, ZTIMER_MSEC, wait_ms);
}

static void *_thread(void *arg)
{
    (void)arg;
    event_queue_claim(&_queue);
    rbpf_storage_init();
    rbpf_core_start();
    if (rbpf_link_init(_link_rx) < 0) {
        puts("rbpf: there is no serial link, so no workstation can reach the scripts");
    }

    while (1) {
        event_t *event = _next_event(rbpf_core_poll());
        if (event != NULL) {
            event->handler(event);
        }
    }
    return NULL;
}

void rbpf_agent_init(void)
{
    if (IS_USED(MODULE_GCOAP)) {
        rbpf_gcoap_init();
    }
    thread_create(_stack, sizeof(_stack), CONFIG_RBPF_PRIORITY, 0, _thread, NULL, "rbpf");
}

#ifndef AUTO_INIT_PRIO_MOD_RBPF
#define AUTO_INIT_PRIO_MOD_RBPF     1900    /* behind the drivers and the network */
#endif
AUTO_INIT(rbpf_agent_init, AUTO_INIT_PRIO_MOD_RBPF);
