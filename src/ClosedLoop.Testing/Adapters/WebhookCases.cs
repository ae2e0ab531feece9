using System.Collections.Immutable;
using ClosedLoop.Adapters;
using ClosedLoop.Intake;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>Who is believed, and that translating is pure.</summary>
internal static class WebhookCases
{
    public static IReadOnlyList<AdapterCase> All { get; } =
    [
        new("every delivery of the story is authentic and says something", StoryIsTaken),
        new("a delivery without its signature, or with an empty one, is not authentic", UnsignedIsRefused),
        new("a delivery whose body was changed is not authentic, where bodies are signed", ChangedIsRefused),
        new("a delivery translates to the same facts each time, whenever it is received", TranslationIsPure),
        new("each fact is of a writer that the adapter may speak for, and its gate accepts it", WritersAreItsOwn),
    ];

    private static Task StoryIsTaken(AdapterExample example)
    {
        var adapter = example.Create(new RecordedTraffic());
        bool said = example.Deliveries.Count == 0;
        foreach (var delivery in example.Deliveries)
        {
            Expect.True(adapter.Authenticator!.IsAuthentic(delivery), "the delivery is authentic");
            var translation = adapter.Translator!.Translate(delivery);
            Expect.True(translation.Outcome != TranslationOutcome.Malformed, $"{translation.Event} is not malformed ({translation.Detail})");
            said |= translation.Facts.Length + translation.Hints.Length > 0;
        }
        Expect.True(said, "one of the deliveries holds a fact or a hint");
        return Task.CompletedTask;
    }

    private static Task UnsignedIsRefused(AdapterExample example)
    {
        var adapter = example.Create(new RecordedTraffic());
        foreach (var delivery in example.Deliveries)
        {
            Expect.True(!adapter.Authenticator!.IsAuthentic(delivery with { Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase), Query = "" }), "a delivery without headers is refused");
            var emptied = delivery.Headers.ToDictionary(static h => h.Key, static _ => "", StringComparer.OrdinalIgnoreCase);
            Expect.True(!adapter.Authenticator.IsAuthentic(delivery with { Headers = emptied, Query = "" }), "a delivery whose headers are empty is refused");
            var cut = delivery.Headers.ToDictionary(static h => h.Key, static h => h.Value.Length > 1 ? h.Value[..^1] : "", StringComparer.OrdinalIgnoreCase);
            Expect.True(!adapter.Authenticator.IsAuthentic(delivery with { Headers = cut, Query = "" }), "a delivery whose headers lack their last character is refused");
        }
        return Task.CompletedTask;
    }

    private static Task ChangedIsRefused(AdapterExample example)
    {
        var adapter = example.Create(new RecordedTraffic());
        foreach (var delivery in example.SignsBody ? example.Deliveries : [])
        {
            byte[] changed = delivery.Body.ToArray();
            changed[changed.Length / 2] ^= 1;
            Expect.True(!adapter.Authenticator!.IsAuthentic(delivery with { Body = changed }), "a delivery with one changed bit is refused");
            Expect.True(!adapter.Authenticator.IsAuthentic(delivery with { Body = ReadOnlyMemory<byte>.Empty }), "a delivery with an empty body is refused");
        }
        return Task.CompletedTask;
    }

    private static Task TranslationIsPure(AdapterExample example)
    {
        var adapter = example.Create(new RecordedTraffic());
        foreach (var delivery in example.Deliveries)
        {
            var first = adapter.Translator!.Translate(delivery);
            var later = adapter.Translator.Translate(delivery with { ReceivedAt = delivery.ReceivedAt.AddHours(5) });
            Expect.Sequence(first.Facts, later.Facts, $"the facts of {first.Event}, received five hours later");
            Expect.Equal(first.DeliveryId, later.DeliveryId);
        }
        return Task.CompletedTask;
    }

    private static async Task WritersAreItsOwn(AdapterExample example)
    {
        var traffic = new RecordedTraffic();
        example.Record(traffic);
        var adapter = example.Create(traffic);
        var facts = example.Deliveries.SelectMany(d => adapter.Translator!.Translate(d).Facts).ToImmutableArray();
        if (example.Look is { } look) facts = [.. facts, .. (await adapter.Probe!.ProbeAsync(look, CancellationToken.None).ConfigureAwait(false)).Facts];
        Expect.True(facts.Length > 0, "the story brings facts");
        var record = await StoryRecord.StartAsync(example, adapter).ConfigureAwait(false);
        await using (record.ConfigureAwait(false))
        {
            var result = await record.SubmitAsync(facts, [], example.Look?.At ?? example.Deliveries.Max(static d => d.ReceivedAt)).ConfigureAwait(false);
            Expect.Equal(SubmissionOutcome.Committed, result.Outcome);
            Expect.Sequence([], result.Refusals);
        }
    }
}
