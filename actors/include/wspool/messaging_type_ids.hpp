// Copyright (c) 2026 The wspool authors
// Distributed under the Boost Software License, Version 1.0. (See LICENSE.)
#pragma once

// Message types and atoms of brokers, backplanes and sessions: a block of its own, so that who uses
// pools and servers alone does not depend on it.

#include <wspool/client_missed_event.hpp>
#include <wspool/messaging_events.hpp>
#include <wspool/messaging_inspect.hpp>
#include <wspool/type_ids.hpp>

// Room for 100 types, behind the block of pools and servers.
CAF_BEGIN_TYPE_ID_BLOCK(wspool_messaging, first_custom_type_id + 1400)

  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_ref))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_place))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_person))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::content))

  // -- backplanes
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::publication_key))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::publish_order))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::publish_batch))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::publish_outcome))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::publish_outcomes))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::history_entry_text))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::history_page))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::presence_page))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_list))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::backplane_event::what))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::backplane_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::backplane_events))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::backplane_stats))

  // -- brokers
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::client_call))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::broker_stats))

  // -- sessions
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_gap_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::channel_presence_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::session_open_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::session_lost_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::session_command_event))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::subscribe_order))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::subscribe_report))
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::session_stats))

  // -- of servers, for who answers for what is said there
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::client_missed_event))

  // -- backplanes: what is done once
  CAF_ADD_TYPE_ID(wspool_messaging, (wspool::claim_report))

  CAF_ADD_ATOM(wspool_messaging, wspool, publish_atom, "publish")
  CAF_ADD_ATOM(wspool_messaging, wspool, enter_atom, "enter")
  CAF_ADD_ATOM(wspool_messaging, wspool, exit_atom, "exit")
  CAF_ADD_ATOM(wspool_messaging, wspool, presence_atom, "presence")
  CAF_ADD_ATOM(wspool_messaging, wspool, recall_atom, "recall")
  CAF_ADD_ATOM(wspool_messaging, wspool, remember_atom, "remember")
  CAF_ADD_ATOM(wspool_messaging, wspool, forget_atom, "forget")
  CAF_ADD_ATOM(wspool_messaging, wspool, depart_atom, "depart")
  CAF_ADD_ATOM(wspool_messaging, wspool, query_atom, "query")
  CAF_ADD_ATOM(wspool_messaging, wspool, command_atom, "command")
  CAF_ADD_ATOM(wspool_messaging, wspool, claim_atom, "claim")
  CAF_ADD_ATOM(wspool_messaging, wspool, settle_atom, "settle")

CAF_END_TYPE_ID_BLOCK(wspool_messaging)
