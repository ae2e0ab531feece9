using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Health;

/// <summary>Translates Alertmanager's webhook (version 4). Pure and safe from several threads.</summary>
internal sealed class AlertTranslator(ImmutableArray<AlertSettings> rules) : IWebhookTranslator
{
    private const string EventName = "alertmanager", KnownVersion = "4";
    private const int MaxAlerts = 10_000, MaxDiagnostics = 50;

    public Translation Translate(in WebhookDelivery delivery)
    {
        try
        {
            using var document = JsonDocument.Parse(delivery.Body);
            return Translate(document.RootElement);
        }
        catch (JsonException error)
        {
            return Translation.Malformed(EventName, $"the body is not valid JSON: {error.Message}");
        }
    }

    /// <summary>Whether it looks like a notification of Alertmanager.</summary>
    public static bool IsOne(JsonElement root) => root.Member("alerts") is { ValueKind: JsonValueKind.Array } && root.Member("groupKey") is not null;

    public Translation Translate(JsonElement root)
    {
        try
        {
            return Read(root);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            // Text that JSON allows and no string or key can hold, such as half of a surrogate pair.
            return Translation.Malformed(EventName, "a value cannot be read: text that no key can hold");
        }
    }

    private Translation Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return Translation.Malformed(EventName, "the payload is not a JSON object");
        if (root.Text("version") != KnownVersion) return Translation.Malformed(EventName, $"version is not {KnownVersion}, the only one that is known");
        if (root.Member("alerts") is not { ValueKind: JsonValueKind.Array } alerts) return Translation.Malformed(EventName, "alerts is missing or no list");
        string name = $"{EventName}.{(root.Text("status") is "firing" or "resolved" ? root.Text("status") : "other")}";
        var facts = new List<Fact>();
        var diagnostics = new List<string>();
        int unreadable = 0, count = alerts.GetArrayLength();
        string problem = "";
        foreach (var element in alerts.EnumerateArray().Take(MaxAlerts))
        {
            if (AlertSeen.Read(element, out string missing) is not { } alert)
            {
                unreadable++;
                problem = $"an alert lacks {missing}, or it is not of its documented form";
                continue;
            }
            foreach (var rule in rules)
                if (rule.Matches(alert.Labels))
                    AlertFacts.Add(alert, rule, facts, diagnostics);
        }
        if (unreadable > 0 && unreadable == count) return Translation.Malformed(name, problem);
        if (unreadable > 0) diagnostics.Add($"{unreadable} of {count} alerts count as no evidence: {problem}");
        if (count > MaxAlerts) diagnostics.Add($"only the first {MaxAlerts} of {count} alerts were read; group them by fewer");
        if (root.Number("truncatedAlerts") is { } left and > 0) diagnostics.Add($"Alertmanager left {left} alerts out of a notification: set max_alerts of its receiver to 0");
        var translation = facts.Count == 0 ? Translation.Ignored(name, "no alert has the labels of a rule in Health:Alerts") : Translation.Of(name, facts);
        return translation with { Diagnostics = [.. diagnostics.Distinct(StringComparer.Ordinal).Take(MaxDiagnostics)] };
    }
}
