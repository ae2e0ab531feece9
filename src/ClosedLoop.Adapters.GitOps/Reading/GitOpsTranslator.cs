using System.Text.Json;
using ClosedLoop.Adapters.GitOps.Flux;

namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Translates a webhook: an object, a list of them, or an event of Flux.</summary>
internal sealed class GitOpsTranslator(string expected, IObjectReader reader, GitOpsSettings settings) : IWebhookTranslator
{
    /// <summary>The most objects of one body.</summary>
    public const int MaxObjects = 5_000;

    public Translation Translate(in WebhookDelivery delivery)
    {
        var harvest = Read(delivery.Body, delivery.ReceivedAt, out string? problem);
        if (harvest is null) return Translation.Malformed("object", problem!);
        return harvest.Facts.Count > 0 || harvest.Hints.Count > 0
            ? Translation.Of(harvest.Event, harvest.Facts) with { Hints = [.. harvest.Hints.Distinct()], Diagnostics = [.. harvest.Diagnostics] }
            : Translation.Ignored(harvest.Event, harvest.Ignored.FirstOrDefault() ?? "there is no object in it") with { Diagnostics = [.. harvest.Diagnostics] };
    }

    public PayloadExplanation Explain(ReadOnlyMemory<byte> input)
    {
        var harvest = Read(input, DateTimeOffset.MaxValue, out string? problem);
        if (harvest is null) return new PayloadExplanation { Ignored = [problem!] };
        var explained = PayloadExplanation.Of(harvest.Facts);
        return explained with
        {
            Ignored = [.. harvest.Ignored],
            Diagnostics = [.. harvest.Diagnostics],
            Summary = harvest.Words.Count == 0 ? explained.Summary : explained.Summary.Add("health", harvest.Words is [var only] ? only : harvest.Words.ToArray()),
        };
    }

    private Harvest? Read(ReadOnlyMemory<byte> body, DateTimeOffset seen, out string? problem)
    {
        problem = $"expected {expected}";
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            problem += " as JSON";
            return null;
        }
        using (document)
        {
            var harvest = new Harvest(seen);
            int found = 0;
            foreach (var item in Items(document.RootElement))
            {
                if (reader is FluxReader && FluxEventReader.Reads(item)) FluxEventReader.Read(item, settings, harvest);
                else if (reader.Reads(item)) reader.Read(item, settings, harvest);
                else continue;
                if (++found == MaxObjects) break;
            }
            return found == 0 ? null : harvest;
        }
    }

    private static IEnumerable<JsonElement> Items(JsonElement root)
    {
        if ((root.ValueKind == JsonValueKind.Array ? root : root.Member("items")) is { ValueKind: JsonValueKind.Array } list)
        {
            foreach (var item in list.EnumerateArray()) yield return item;
            yield break;
        }
        // How a notification's template may wrap it.
        yield return root.Member("application") ?? root.Member("app") ?? root.Member("rollout") ?? root;
    }
}
