using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>Whatever is lost, late, twice or out of order, the record ends the same.</summary>
internal static class ConvergenceCases
{
    private const int Orders = 24;

    public static IReadOnlyList<AdapterCase> All { get; } =
    [
        new("the story ends the same in any order, with each delivery twice", AnyOrder),
        new("a look among the deliveries changes nothing of how it ends", AnyMix),
        new("with every webhook lost a look alone says the same", LookAlone),
    ];

    private static async Task AnyOrder(AdapterExample example)
    {
        if (example.Deliveries.Count == 0) return;
        var expected = await EndAsync(example, example.Deliveries, lookAt: null).ConfigureAwait(false);
        for (int seed = 0; seed < Orders; seed++)
            Agree(expected, await EndAsync(example, Shuffled(example, seed), lookAt: null).ConfigureAwait(false), $"order {seed}");
    }

    private static async Task AnyMix(AdapterExample example)
    {
        if (example.Look is null || example.Deliveries.Count == 0) return;
        var expected = await EndAsync(example, example.Deliveries, lookAt: example.Deliveries.Count).ConfigureAwait(false);
        for (int seed = 0; seed < Orders; seed++)
        {
            var order = Shuffled(example, seed);
            Agree(expected, await EndAsync(example, order, lookAt: seed % (order.Count + 1)).ConfigureAwait(false), $"order {seed} with a look in it");
        }
    }

    private static async Task LookAlone(AdapterExample example)
    {
        if (example.Look is null || example.Deliveries.Count == 0) return;
        var told = await EndAsync(example, example.Deliveries, lookAt: null).ConfigureAwait(false);
        var seen = (await EndAsync(example, [], lookAt: 0).ConfigureAwait(false)).ToDictionary(static f => f.Register);
        foreach (var fact in told.Where(f => !example.OneSided.Contains(f.Kind)))
        {
            Expect.True(seen.TryGetValue(fact.Register, out var same), $"a look brings {fact.Kind} of {fact.Subject}, which a webhook told");
            Expect.Equal((fact.Status, fact.Reason), (same!.Status, same.Reason), $"what a look says of {fact.Kind} of {fact.Subject}, beside what a webhook said");
        }
    }

    private static List<WebhookDelivery> Shuffled(AdapterExample example, int seed)
    {
        List<WebhookDelivery> order = [.. example.Deliveries, .. example.Deliveries];
        var random = new Random(seed);
        for (int i = order.Count - 1; i > 0; i--)
        {
            int other = random.Next(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    private static async Task<IReadOnlyList<Fact>> EndAsync(AdapterExample example, IReadOnlyList<WebhookDelivery> deliveries, int? lookAt)
    {
        var traffic = new RecordedTraffic();
        example.Record(traffic);
        var adapter = example.Create(traffic);
        var record = await StoryRecord.StartAsync(example, adapter).ConfigureAwait(false);
        await using (record.ConfigureAwait(false))
        {
            for (int i = 0; i <= deliveries.Count; i++)
            {
                if (i == lookAt)
                {
                    var result = await adapter.Probe!.ProbeAsync(example.Look!, CancellationToken.None).ConfigureAwait(false);
                    Expect.True(result.Outcome == ProbeOutcome.Reached, $"the look reads the recorded traffic ({result.Detail})");
                    await record.SubmitAsync(result.Facts, result.History, example.Look!.At).ConfigureAwait(false);
                }
                if (i == deliveries.Count) break;
                var answer = await record.ReceiveAsync(deliveries[i]).ConfigureAwait(false);
                Expect.True(answer.Outcome is WebhookOutcome.Accepted or WebhookOutcome.Duplicate or WebhookOutcome.Ignored, $"the delivery is taken ({answer.Outcome}: {answer.Detail})");
            }
            return await record.RegistersAsync().ConfigureAwait(false);
        }
    }

    private static void Agree(IReadOnlyList<Fact> expected, IReadOnlyList<Fact> actual, string how)
    {
        Expect.Sequence(expected.Select(static f => f.Register), actual.Select(static f => f.Register), $"the registers after {how}");
        for (int i = 0; i < expected.Count; i++)
            Expect.True(expected[i].Equals(actual[i]), $"after {how}, {expected[i].Kind} of {expected[i].Subject} ends as {expected[i].Status} at {expected[i].Ordinal} (it was {actual[i].Status} at {actual[i].Ordinal})");
    }
}
