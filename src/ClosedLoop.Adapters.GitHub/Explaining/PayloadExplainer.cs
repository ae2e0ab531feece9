using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub.Webhooks;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Explaining;

/// <summary>Explains deliveries, polled objects and lists of either, with no more configuration than they hold. Pure.</summary>
internal static class PayloadExplainer
{
    /// <summary>The most elements of a list that are explained.</summary>
    public const int MaxElements = 10_000;

    private static readonly GitHubWebhookTranslator Translator = new(new GitHubSettings(new GitHubOptions { AllowAnyRepository = true, WebhookSecret = "nothing is received" }));

    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName)
    {
        if (input.Length > GitHubAdapter.MaxBodyBytes) return Ignored($"larger than {GitHubAdapter.MaxBodyBytes / 1024 / 1024} MB, which is the most that GitHub sends");
        try
        {
            using var document = JsonDocument.Parse(WithoutMark(input));
            string? name = eventName?.Split('.')[0].Trim() is { Length: > 0 } given ? given : null;
            return Explain(document.RootElement, name);
        }
        catch (JsonException error)
        {
            return Ignored($"not valid JSON: {error.Message}");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            // Text that JSON allows and no string or key can hold, such as half of a surrogate pair.
            return Ignored($"a value cannot be read: {error.Message}");
        }
    }

    private static PayloadExplanation Explain(JsonElement root, string? name)
    {
        if (name is "rollup" or "rollup-required") return RollupExplanation.Explain(root, requiredOnly: name == "rollup-required");
        if (name is null && PolledObject.IsRollup(root)) return RollupExplanation.Explain(root, requiredOnly: false);
        var parts = new List<PayloadExplanation>();
        foreach (var element in PolledObject.Elements(root))
        {
            if (parts.Count >= MaxElements)
            {
                parts.Add(Ignored($"only the first {MaxElements} elements were read"));
                break;
            }
            parts.Add(ExplainOne(element, name));
        }
        if (parts.Count == 0) return Ignored("an empty list: nothing was observed");
        if (parts.Count == 1) return parts[0];
        return PayloadExplanation.Of(parts.SelectMany(static p => p.Facts)) with
        {
            Ignored = [.. parts.SelectMany(static p => p.Ignored)],
            Diagnostics = [.. parts.SelectMany(static p => p.Diagnostics).Distinct(StringComparer.Ordinal)],
        };
    }

    private static PayloadExplanation ExplainOne(JsonElement element, string? name)
    {
        if (!element.IsObject()) return Ignored("not a JSON object");
        if (PolledObject.DeliveredAs(element, name) is { } delivered) return Translate(delivered, Encoding.UTF8.GetBytes(element.GetRawText()));
        if (PolledObject.AsDelivery(element) is var (@event, payload)) return Translate(@event, Encoding.UTF8.GetBytes(payload.ToJsonString()));
        if (GraphQlExplanation.Explain(element) is { } answer) return answer;
        return name is not null
            ? Translate(name, Encoding.UTF8.GetBytes(element.GetRawText()))
            : Ignored("neither a delivery nor an object of GitHub's API that is known here; name the event (X-GitHub-Event), or rollup for a list of checks");
    }

    private static PayloadExplanation Translate(string name, byte[] body) => PayloadExplanation.Of(Translator.Translate(new WebhookDelivery
    {
        Source = GitHubAdapter.Name,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Body = body,
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-GitHub-Event"] = name, ["Content-Type"] = "application/json" },
    }));

    private static PayloadExplanation Ignored(string reason) => new() { Ignored = [reason] };

    // Files that an editor saved begin with one, and JSON does not allow it.
    private static ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> input) => input.Span.StartsWith("\uFEFF"u8) ? input[3..] : input;
}
