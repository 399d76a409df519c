package io.skyline.coordinator.actor;

import akka.actor.typed.ActorRef;

/** What the dispatcher knows of one open search. */
final class SearchEntry {
  final String name;
  final ActorRef<SearchCommand> actor;
  DispatcherCommand.WorkerNeeds needs;
  boolean waiting;
  SearchCommand.Situation told = new SearchCommand.Situation(-1, -1);

  SearchEntry(String name, ActorRef<SearchCommand> actor, DispatcherCommand.WorkerNeeds needs) {
    this.name = name;
    this.actor = actor;
    this.needs = needs;
  }

  boolean takes(WorkerEntry worker) {
    return needs.refusal(worker.identity).isEmpty();
  }
}
