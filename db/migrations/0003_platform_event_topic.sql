-- An event stream that comes back asks for the events of its topics since the last one that it saw.
CREATE INDEX platform_event_topic ON platform_event (topic, id);
