#include "mesh/manifest/read.hpp"
#include "tests/support/catch.hpp"

#include <string>
#include <vector>

namespace {

/// A text without errors, of one realm.
mesh::RealmManifest read_good(const std::string& text, const std::string& file = "dir/a.yaml") {
    auto set = mesh::read_manifest_text(text, file);
    for (const auto& error : set.errors)
        UNSCOPED_INFO(mesh::to_string(error.place) << ": " << error.message);
    REQUIRE(set.errors.empty());
    REQUIRE(set.realms.size() == 1);
    return std::move(set.realms.front());
}

std::vector<std::string> texts(const std::vector<mesh::Pattern>& patterns) {
    std::vector<std::string> all;
    for (const auto& pattern : patterns)
        all.push_back(pattern.text());
    return all;
}

/// `NAME:TYPE` of each field.
std::vector<std::string> fields_of(const mesh::RealmManifest& realm, const std::string& event) {
    std::vector<std::string> all;
    for (const auto& one : realm.events)
        if (one.name.text() == event)
            for (const auto& field : one.fields)
                all.push_back(field.name + ":" + field.type);
    return all;
}

using Texts = std::vector<std::string>;

const std::string version_3 = R"(asyncapi: 3.0.0
info: {title: Account Service, version: 1.0.0}
x-dagmesh-realm: shop
servers: {production: {host: "kafka.example.com:9092", protocol: kafka}}
channels:
  userSignedUp:
    address: user/{userId}/signedup
    messages:
      UserSignedUp: {$ref: '#/components/messages/UserSignedUp'}
  welcome:
    address: mail.welcome
  audited: {}
  ping: {address: ping}
  pong: {address: null}
operations:
  onSignUp:
    action: receive
    channel: {$ref: '#/channels/userSignedUp'}
    x-dagmesh-emits: [sendWelcome]
  sendWelcome:
    action: send
    channel: {$ref: '#/channels/welcome'}
  onAudited:
    action: receive
    channel: {$ref: '#/channels/audited'}
  onPing:
    action: receive
    channel: {$ref: '#/channels/ping'}
    reply:
      address: {location: '$message.header#/replyTo'}
      channel: {$ref: '#/channels/pong'}
components:
  messages:
    UserSignedUp:
      payload:
        type: object
        properties:
          userId: {type: integer}
          email: {type: string, format: email}
)";

const std::string version_2 = R"(asyncapi: '2.6.0'
info: {title: Streetlights API, version: 1.0.0}
channels:
  light/{lampId}/measured:
    publish:
      operationId: onMeasured
      x-dagmesh-emits: [dim, light/off]
      message: {oneOf: [{payload: {properties: {lumens: {type: integer}}}},
                        {payload: {properties: {lumens: {type: number}, at: {type: string}}}}]}
  light/dim:
    subscribe: {operationId: dim}
  light/off:
    subscribe: {message: {payload: {type: object, properties: {why: {type: [string, 'null']}}}}}
    publish: {}
)";

} // namespace

TEST_CASE(
    "in version 3 receive is a handler, send is published, and places are those of the text") {
    const auto realm = read_good(version_3);
    CHECK(realm.realm == "shop");
    REQUIRE(realm.services.size() == 1);
    const auto& service = realm.services[0];
    CHECK(service.contract.service == "Account-Service");
    CHECK(mesh::to_string(service.place) == "dir/a.yaml:2:15");
    CHECK(service.cwd == "dir");
    REQUIRE(service.contract.publishes);
    CHECK(texts(*service.contract.publishes) == Texts{"mail.welcome", "pong"});
    CHECK(mesh::to_string(service.publishes_places.at(0)) == "dir/a.yaml:22:21");

    REQUIRE(service.contract.handlers.size() == 3);
    const auto& sign_up = service.contract.handlers[0];
    CHECK(sign_up.name == "onSignUp");
    CHECK(texts(sign_up.on) == Texts{"user.*.signedup"});
    REQUIRE(sign_up.emits);
    CHECK(texts(*sign_up.emits) == Texts{"mail.welcome"});
    REQUIRE(service.handlers.size() == 3);
    CHECK(mesh::to_string(service.handlers[0].place) == "dir/a.yaml:16:3");
    CHECK(mesh::to_string(service.handlers[0].on_places.at(0)) == "dir/a.yaml:18:21");
    CHECK(mesh::to_string(service.handlers[0].emits_places.at(0)) == "dir/a.yaml:19:23");
}

TEST_CASE("in version 3 a channel without an address is called by its key") {
    CHECK(texts(read_good(version_3).services[0].contract.handlers[1].on) == Texts{"audited"});
}

TEST_CASE("what a receive without x-dagmesh-emits emits is unknown, but for its reply") {
    const auto realm = read_good(version_3);
    const auto& handlers = realm.services[0].contract.handlers;
    CHECK_FALSE(handlers[1].emits);
    REQUIRE(handlers[2].emits);
    CHECK(texts(*handlers[2].emits) == Texts{"pong"});
    CHECK(mesh::to_string(realm.services[0].handlers[2].emits_places.at(0)) == "dir/a.yaml:31:23");
    // One requester gets the reply: nobody has to handle it.
    for (const auto& event : realm.events)
        CHECK(event.is_terminal == (event.name.text() == "pong"));
}

TEST_CASE("a service that sends nothing emits nothing") {
    const auto realm =
        read_good("asyncapi: 3.0.0\ninfo: {title: a}\nchannels: {c: {}}\noperations:\n"
                  "  o: {action: receive, channel: {$ref: '#/channels/c'}}\n");
    REQUIRE(realm.services[0].contract.handlers[0].emits);
    CHECK(realm.services[0].contract.handlers[0].emits->empty());
}

TEST_CASE("in version 2 publish is a handler and subscribe is published") {
    const auto realm = read_good(version_2);
    CHECK(realm.realm.empty());
    const auto& contract = realm.services[0].contract;
    CHECK(contract.service == "Streetlights-API");
    CHECK(texts(*contract.publishes) == Texts{"light.dim", "light.off"});
    REQUIRE(contract.handlers.size() == 2);
    CHECK(contract.handlers[0].name == "onMeasured");
    CHECK(texts(contract.handlers[0].on) == Texts{"light.*.measured"});
    CHECK(texts(*contract.handlers[0].emits) == Texts{"light.dim", "light.off"});
    CHECK(contract.handlers[1].name == "light.off");
    CHECK_FALSE(contract.handlers[1].emits);
}

TEST_CASE("the properties of all messages of a channel are the fields of its event") {
    CHECK(fields_of(read_good(version_2), "light.*.measured") ==
          Texts{"at:string", "lumens:integer|number"});
    CHECK(fields_of(read_good(version_2), "light.off") == Texts{"why:null|string"});
    CHECK(fields_of(read_good(version_3), "user.*.signedup") ==
          Texts{"email:string", "userId:integer"});
}

TEST_CASE("schemas are joined from what they refer to, each once") {
    const auto realm = read_good(R"(asyncapi: 3.0.0
info: {title: a}
channels:
  c:
    messages:
      tree: {payload: {$ref: '#/components/schemas/tree'}}
      avro: {payload: {schemaFormat: 'application/vnd.apache.avro;version=1.9.0',
                       schema: {type: record, fields: [{name: x, type: int}]}}}
      json: {payload: {schemaFormat: 'application/schema+json;version=draft-07',
                       schema: {properties: {j: true, k: {properties: {}}, l: {enum: [1, 2]}}}}}
operations:
  o: {action: send, channel: {$ref: '#/channels/c'}}
components:
  schemas:
    base: {properties: {id: {type: string}, tags: {type: array, items: {type: string}}}}
    tree:
      allOf: [{$ref: '#/components/schemas/base'}, {$ref: '#/components/schemas/tree'}]
      properties:
        left: {$ref: '#/components/schemas/tree'}
        size: {oneOf: [{type: integer}, {type: string}]}
        all: {type: array, items: {$ref: '#/components/schemas/tree'}}
)");
    CHECK(fields_of(realm, "c") == Texts{"all:array<object>", "id:string", "j:any", "k:object",
                                         "l:any", "left:object", "size:integer|string",
                                         "tags:array<string>"});
}

TEST_CASE("what senders say of an event counts, then what receivers expect, and manifests first") {
    const auto document = [](const std::string& title, const std::string& action,
                             const std::string& properties) {
        return "asyncapi: 3.0.0\ninfo: {title: " + title +
               "}\nchannels: {c: {messages: {m: {payload: {properties: {" + properties +
               "}}}}}}\noperations: {" + title + ": {action: " + action +
               ", channel: {$ref: '#/channels/c'}, x-a: 1}}\n---\n";
    };
    const auto sender = document("a", "send", "x: {type: integer}");
    const auto receiver = document("b", "receive", "x: {type: integer}, old: {type: string}");
    const auto other = document("d", "receive", "x: {type: number}");
    CHECK(fields_of(read_good(receiver + sender), "c") == Texts{"x:integer"});
    CHECK(fields_of(read_good(other + receiver), "c") == Texts{"old:string", "x:integer|number"});
    CHECK(fields_of(
              read_good(sender + "dagmesh: 1\nevents: {c: {fields: {y: int}}}\n---\n" + receiver),
              "c") == Texts{"y:int"});
}

TEST_CASE("a document names its service and realm itself where it wants to") {
    const auto realm = read_good("asyncapi: 2.0.0\nx-dagmesh-service: lamp\nx-dagmesh-realm: town\n"
                                 "channels: {}\n");
    CHECK(realm.realm == "town");
    CHECK(realm.services.at(0).contract.service == "lamp");
    CHECK(mesh::to_string(realm.services[0].place) == "dir/a.yaml:2:20");
    CHECK(read_good("asyncapi: 2.0.0\ninfo: {title: ' The / Lamp *API* '}\nchannels: {}\n")
              .services.at(0)
              .contract.service == "The-Lamp-API");
    CHECK(read_good("asyncapi: 2.0.0\ninfo: {title: \"\\ta\\u0085\\u00e4\\0\"}\nchannels: {}\n")
              .services.at(0)
              .contract.service == "a-\u00e4");
}

TEST_CASE(
    "an address becomes a pattern: slashes are dots, and a parameter makes its token a star") {
    const auto topic_of = [](const std::string& address) {
        return read_good("asyncapi: 2.0.0\ninfo: {title: a}\nchannels: {'" + address +
                         "': {subscribe: {}}}\n")
            .services[0]
            .contract.publishes->at(0)
            .text();
    };
    CHECK(topic_of("user/signedup") == "user.signedup");
    CHECK(topic_of("user.signed-up") == "user.signed-up");
    CHECK(topic_of("/user/{id}/") == "user.*");
    CHECK(topic_of("{a}") == "*");
    CHECK(topic_of("order-{id}/v{n}.x") == "order-id.vn.x");
    CHECK(topic_of("https://example.com/books/{id}") == "https:.example.com.books.*");
}

TEST_CASE("parts that say nothing of the graph are not looked at") {
    const auto realm = read_good(R"(id: urn:example
asyncapi: 3.0.0
info: {title: a, license: 5}
servers: [wrong, {$ref: 'https://example.com/servers.yaml'}]
tags: {$ref: nowhere.yaml}
channels:
  unused: {address: 'no topic at all', messages: {$ref: 'https://example.com/x'}}
  used: {bindings: 5, parameters: [], description: {}}
operations:
  o: {action: send, channel: {$ref: '#/channels/used'}, security: x, traits: 1, unknown: 2}
components: 5
)");
    CHECK(texts(*realm.services.at(0).contract.publishes) == Texts{"used"});
}

TEST_CASE("a document in JSON is the same as in YAML") {
    const auto realm =
        read_good("{\n\t\"asyncapi\": \"3.0.0\",\n\t\"info\"\n\t:\t{\"title\": \"L\\u00e4mp "
                  "\\ud83d\\ude00\"},\n\t\"channels\": {\"c\": {\"address\": "
                  "\"a\\/b\\/{c}\", \"messages\": {}}},\n\t\"operations\": {\"o\": "
                  "{\"action\": \"receive\",\n\t\t\"channel\": {\"$ref\": "
                  "\"#\\/channels\\/c\"}, \"x-dagmesh-emits\": []}}, \"n\": [1.5e3, "
                  "-1, true, null]\n}\n",
                  "dir/a.json");
    const auto& service = realm.services.at(0);
    CHECK(service.contract.service == "L\u00e4mp-\U0001F600");
    CHECK(texts(service.contract.handlers.at(0).on) == Texts{"a.b.*"});
    CHECK(mesh::to_string(service.handlers[0].on_places.at(0)) == "dir/a.json:7:23");
    CHECK(mesh::to_string(service.handlers[0].place) == "dir/a.json:6:17");
}
