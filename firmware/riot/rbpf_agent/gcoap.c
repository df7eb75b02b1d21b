/*
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/**
 * @ingroup     rbpf_agent
 * @{
 *
 * @file
 * @brief       Requests that come by gcoap reach the scripts that claim their path
 *
 * Scripts come and go, so there is no fixed table of resources: a matcher asks
 * the agent which paths are claimed. Only those; the management of scripts is
 * not for the network.
 *
 * The handler hands the request to the agent's thread and waits for a while.
 * If no answer has come by then it sends none: clients repeat a confirmable
 * request, and the repetition finds the answer or goes on waiting. The agent
 * sees each request as non-confirmable, since acknowledging is gcoap's part.
 *
 * @}
 */

#include <string.h>

#include "mutex.h"
#include "net/gcoap.h"
#include "ztimer.h"

#include "internal.h"
#include "rbpf_agent.h"

/* The one request that gcoap's thread waits for. */
static struct {
    mutex_t lock;           /* of all the others */
    mutex_t done;
    uint8_t *buf;           /* NULL: nobody waits */
    size_t capacity;
    size_t len;
    uint32_t peer;
    uint8_t token_len;
    uint8_t token[COAP_TOKEN_LENGTH_MAX];
} _waiting = { .lock = MUTEX_INIT, .done = MUTEX_INIT_LOCKED };

static ssize_t _handler(coap_pkt_t *pdu, uint8_t *buf, size_t len, coap_request_ctx_t *ctx);
static ssize_t _encode_links(const coap_resource_t *resource, char *buf, size_t maxlen,
                             coap_link_encoder_ctx_t *ctx);
static int _match(gcoap_listener_t *listener, const coap_resource_t **resource, coap_pkt_t *pdu);

/* Stands for all paths. */
static const coap_resource_t _any = {
    .path = "/",
    .methods = COAP_GET | COAP_POST | COAP_PUT | COAP_DELETE | COAP_FETCH | COAP_PATCH | COAP_IPATCH,
    .handler = _handler,
};

static gcoap_listener_t _listener = {
    .resources = &_any,
    .resources_len = 1,
    .tl_type = GCOAP_SOCKET_TYPE_UNDEF,
    .link_encoder = _encode_links,
    .request_matcher = _match,
};

void rbpf_gcoap_init(void)
{
    gcoap_register_listener(&_listener);
}

/* A question to the agent and its answer. */
typedef struct {
    const char *path;
    bool claimed;
} _claim_t;

static void _find_claim(void *arg)
{
    _claim_t *claim = arg;
    const char *path;

    for (unsigned i = 0; !claim->claimed && (path = rbpf_core_script_path(i)) != NULL; i++) {
        claim->claimed = strcmp(path, claim->path) == 0;
    }
}

static int _match(gcoap_listener_t *listener, const coap_resource_t **resource, coap_pkt_t *pdu)
{
    char path[CONFIG_NANOCOAP_URI_MAX];

    if (coap_get_uri_path(pdu, path) <= 0) {
        return GCOAP_RESOURCE_NO_PATH;
    }

    _claim_t claim = { .path = path[0] == '/' ? &path[1] : path };
    rbpf_agent_call(_find_claim, &claim);
    if (!claim.claimed) {
        return GCOAP_RESOURCE_NO_PATH;
    }
    *resource = listener->resources;
    return GCOAP_RESOURCE_FOUND;
}

typedef struct {
    char *buf;
    size_t maxlen;
    size_t pos;
    bool first;
} _links_t;

static void _write_links(void *arg)
{
    _links_t *links = arg;
    const char *path;

    for (unsigned i = 0; (path = rbpf_core_script_path(i)) != NULL; i++) {
        size_t len = strlen(path);
        size_t need = len + 3 + (links->first ? 0 : 1);

        if (links->buf) {
            if (need > links->maxlen - links->pos) {
                break;
            }
            char *at = &links->buf[links->pos];
            if (!links->first) {
                *at++ = ',';
            }
            *at++ = '<';
            *at++ = '/';
            memcpy(at, path, len);
            at[len] = '>';
        }
        links->first = false;
        links->pos += need;
    }
}

static ssize_t _encode_links(const coap_resource_t *resource, char *buf, size_t maxlen,
                             coap_link_encoder_ctx_t *ctx)
{
    _links_t links = {
        .buf = buf,
        .maxlen = maxlen,
        .first = ctx->flags & COAP_LINK_FLAG_INIT_RESLIST,
    };

    (void)resource;
    rbpf_agent_call(_write_links, &links);
    return links.pos;
}

/* The agent knows peers by a number; what matters is that two of them differ. */
static uint32_t _peer_number(const sock_udp_ep_t *remote)
{
    const uint8_t *bytes = (const uint8_t *)&remote->addr;
    uint32_t hash = 2166136261u ^ remote->port;

    for (size_t i = 0; i < sizeof(remote->addr); i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash >> 1;
}

typedef struct {
    const uint8_t *data;
    size_t len;
} _request_t;

static void _give_request(void *arg)
{
    const _request_t *request = arg;

    rbpf_core_datagram(_waiting.peer, request->data, request->len);
}

static void _wait_for(uint8_t *buf, size_t len, uint32_t peer, const coap_pkt_t *pdu)
{
    mutex_lock(&_waiting.lock);
    mutex_trylock(&_waiting.done);
    _waiting.buf = buf;
    _waiting.capacity = len;
    _waiting.len = 0;
    _waiting.peer = peer;
    _waiting.token_len = coap_get_token_len(pdu);
    memcpy(_waiting.token, coap_get_token(pdu), _waiting.token_len);
    mutex_unlock(&_waiting.lock);
}

static ssize_t _handler(coap_pkt_t *pdu, uint8_t *buf, size_t len, coap_request_ctx_t *ctx)
{
    _request_t request = { .data = pdu->buf, .len = pdu->payload + pdu->payload_len - pdu->buf };
    bool confirmable = coap_get_type(pdu) == COAP_TYPE_CON;
    uint16_t id = coap_get_id(pdu);

    _wait_for(buf, len, _peer_number(coap_request_ctx_get_remote_udp(ctx)), pdu);
    coap_pkt_set_type(pdu, COAP_TYPE_NON);
    rbpf_agent_call(_give_request, &request);
    ztimer_mutex_lock_timeout(ZTIMER_MSEC, &_waiting.done, CONFIG_RBPF_COAP_WAIT_MS);

    mutex_lock(&_waiting.lock);
    _waiting.buf = NULL;
    size_t answer = _waiting.len;
    mutex_unlock(&_waiting.lock);
    if (answer == 0) {
        return 0;
    }
    if (answer > len) {
        coap_pkt_set_type(pdu, confirmable ? COAP_TYPE_CON : COAP_TYPE_NON);
        return gcoap_response(pdu, buf, len, COAP_CODE_INTERNAL_SERVER_ERROR);
    }
    if (confirmable) {
        pdu->buf = buf;
        coap_pkt_set_type(pdu, COAP_TYPE_ACK);
        coap_set_id(pdu, id);
    }
    return answer;
}

void rbpf_port_datagram(uint32_t peer, const uint8_t *data, size_t len)
{
    mutex_lock(&_waiting.lock);
    /* An answer for which gcoap waits no longer has been kept by the agent for the repetition. */
    if (_waiting.buf && (_waiting.len == 0) && (_waiting.peer == peer) &&
        (len >= 4u + _waiting.token_len) && ((data[0] & 0xf) == _waiting.token_len) &&
        (memcmp(&data[4], _waiting.token, _waiting.token_len) == 0)) {
        if (len <= _waiting.capacity) {
            memcpy(_waiting.buf, data, len);
        }
        _waiting.len = len;
        mutex_unlock(&_waiting.done);
    }
    mutex_unlock(&_waiting.lock);
}
