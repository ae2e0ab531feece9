using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>Translates deliveries of one event or a batch of them.</summary>
internal sealed class CDEventsTranslator(CDEventsSettings settings) : IWebhookTranslator
{
    private const int MaxDiagnostics = 50;

    // A clock that is further ahead would keep everything after it from counting.
    private static readonly TimeSpan MaxAhead = TimeSpan.FromDays(1);

    public Translation Translate(in WebhookDelivery delivery)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(delivery.Body);
        }
        catch (JsonException)
        {
            return Translation.Malformed("event", "expected a CDEvent, or CloudEvents with one each, as JSON");
        }
        using (document) return Translate(document.RootElement, delivery);
    }

    private Translation Translate(JsonElement root, WebhookDelivery delivery)
    {
        var reading = new Reading();
        // Of a batch each event asks, and a signature is over the whole of it.
        var known = new Dictionary<SecretCheck, bool>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        string? first = null, ignored = null, problem = null;
        int count = 0, malformed = 0;
        foreach (var (read, why) in Envelope.Read(root, delivery))
        {
            count++;
            if (read is null || Wrong(read, delivery) is not null)
            {
                malformed++;
                problem ??= read is null ? why : Wrong(read, delivery);
                continue;
            }
            first ??= DeliveryId(read);
            names.Add(read.Name);
            if (Add(read, delivery, known, reading) is { } reason) ignored ??= reason;
        }
        string name = names.Count == 1 ? names.First() : count > 1 ? "batch" : "event";
        if (malformed > 0 && malformed == count) return Translation.Malformed(name, problem!);
        if (malformed > 0) reading.Diagnostics.Add($"{malformed} of {count} events of a batch are malformed and were left out: {problem}");
        string? id = count == 1 ? first : null;
        string[] diagnostics = [.. reading.Diagnostics.Distinct(StringComparer.Ordinal).Take(MaxDiagnostics)];
        return reading.Facts.Count == 0
            ? Translation.Ignored(name, ignored ?? "there is no event in it") with { DeliveryId = id, Diagnostics = [.. diagnostics] }
            : Translation.Of(name, reading.Facts) with { DeliveryId = id, Diagnostics = [.. diagnostics] };
    }

    /// <returns>Why it says nothing, or null.</returns>
    private string? Add(CDEvent read, in WebhookDelivery delivery, Dictionary<SecretCheck, bool> known, Reading reading)
    {
        if (read.Type is not { } type) return $"the type {SourceText.Quote(read.TypeText)} is none of CDEvents' own";
        if (settings.Find(read.Source) is not { } rule) return $"the source {SourceText.Quote(read.Source)} is not listed in CDEvents:Sources";
        if (rule.Secret is { } secret && !Knows(secret, delivery, known)) return $"the source {SourceText.Quote(read.Source)} has a secret of its own, which this delivery does not know";
        if (type.Major != 0) return $"{read.Name} of major version {type.Major} is not known to this version";
        int before = reading.Facts.Count;
        string? reason = type.Subject switch
        {
            "change" => ChangeFacts.Add(read, type, rule, reading),
            "pipelinerun" or "testsuiterun" => RunFacts.Add(read, type, rule, reading),
            "artifact" => ArtifactFacts.Add(read, type, rule, reading),
            "service" => ServiceFacts.Add(read, type, rule, settings, reading),
            "incident" => IncidentFacts.Add(read, type, rule, settings, reading),
            _ => $"{read.Name} is about no gate",
        };
        return reading.Facts.Count > before ? null : reason ?? $"{read.Name} says nothing about a gate";
    }

    private static bool Knows(SecretCheck secret, in WebhookDelivery delivery, Dictionary<SecretCheck, bool> known)
    {
        if (!known.TryGetValue(secret, out bool knows)) known[secret] = knows = secret.Knows(delivery);
        return knows;
    }

    private static string? Wrong(CDEvent read, in WebhookDelivery delivery) =>
        read.At - delivery.ReceivedAt > MaxAhead ? "context.timestamp is more than a day ahead of the time of receipt" : null;

    private static string DeliveryId(CDEvent read)
    {
        string id = $"{read.Source} {read.Id}";
        return id.Length <= 200 && !id.Any(static c => char.IsControl(c) || char.IsSurrogate(c)) ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }
}
