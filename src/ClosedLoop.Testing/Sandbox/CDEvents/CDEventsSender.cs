using System.Globalization;
using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.CDEvents;

/// <summary>Sends CDEvents 0.4.1 by the CloudEvents HTTP binding, in structured and in binary mode by turns, with the body signed.</summary>
internal sealed class CDEventsSender(WorldState world)
{
    private readonly WorldDice _ids = new(world.Options.Seed, "cdevents");
    private bool _isBinary;

    /// <param name="source">Whose event it is.</param>
    /// <param name="type">Its subject and predicate.</param>
    /// <param name="subject">The subject's id.</param>
    /// <param name="content">The subject's content.</param>
    /// <param name="custom">What CDEvents has no field for.</param>
    public void Send(string source, (string Subject, string Predicate) type, string subject, JsonObject content, IEnumerable<(string Name, string Value)> custom)
    {
        string id = _ids.Id().ToString(), name = $"dev.cdevents.{type.Subject}.{type.Predicate}.0.2.0";
        string at = world.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var cdevent = new JsonObject
        {
            ["context"] = new JsonObject { ["version"] = "0.4.1", ["id"] = id, ["source"] = source, ["type"] = name, ["timestamp"] = at },
            ["subject"] = new JsonObject { ["id"] = subject, ["source"] = source, ["type"] = type.Subject, ["content"] = content },
            ["customData"] = new JsonObject(custom.Select(static c => KeyValuePair.Create(c.Name, (JsonNode?)c.Value))),
            ["customDataContentType"] = "application/json",
        };
        _isBinary = !_isBinary;
        byte[] body = WebhookSignature.Bytes(_isBinary ? cdevent : new JsonObject
        {
            ["specversion"] = "1.0",
            ["id"] = id,
            ["source"] = source,
            ["type"] = name,
            ["time"] = at,
            ["datacontenttype"] = "application/json",
            ["data"] = cdevent,
        });
        (string, string)[] attributes = _isBinary ? [("ce-specversion", "1.0"), ("ce-id", id), ("ce-source", source), ("ce-type", name), ("ce-time", at)] : [];
        world.Outbox.Post(new WebhookMessage
        {
            Target = WebhookTarget.CDEvents,
            Event = $"{type.Subject}.{type.Predicate}",
            Body = body,
            ContentType = _isBinary ? "application/json" : "application/cloudevents+json",
            Headers = [.. attributes, ("X-ClosedLoop-Signature", WebhookSignature.Sha256(world.Secrets.DeliveryWebhookSecret, body)), ("User-Agent", "cdevents-sandbox")],
        });
    }
}
