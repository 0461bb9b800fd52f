"""How Flower finds the queues: where app/broker.py puts them."""

broker_transport_options = {"global_keyprefix": "studyrag:queue:"}
