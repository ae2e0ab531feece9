using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Intake;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>Sends many changed deliveries of an example through a whole engine in memory, signed and unsigned.</summary>
public static class AdapterFuzz
{
    // So that what it keeps stays small however long it runs.
    private const int PerRecord = 5_000;

    /// <summary>Sends changed deliveries and checks that each is answered as its sender should be answered.</summary>
    /// <param name="example">The adapter and its deliveries; <see cref="AdapterExample.Sign"/> is used.</param>
    /// <param name="count">How many deliveries to send. Nothing is sent when the example has none.</param>
    /// <param name="seed">Decides what is changed.</param>
    /// <returns>How often each outcome came.</returns>
    /// <exception cref="ConformanceException">An exception, a server error, or an unsigned delivery that left something in the record; the message has the body and the seed.</exception>
    public static async Task<IReadOnlyDictionary<WebhookOutcome, int>> RunAsync(AdapterExample example, int count, int seed)
    {
        ArgumentNullException.ThrowIfNull(example);
        var outcomes = new SortedDictionary<WebhookOutcome, int>();
        for (int done = 0; done < count && example.Deliveries.Count > 0; done += PerRecord)
            await RunAsync(example, Math.Min(PerRecord, count - done), seed + done, outcomes).ConfigureAwait(false);
        return outcomes;
    }

    private static async Task RunAsync(AdapterExample example, int count, int seed, SortedDictionary<WebhookOutcome, int> outcomes)
    {
        var random = new Random(seed);
        var trusted = await StoryRecord.StartAsync(example, example.Create(new RecordedTraffic())).ConfigureAwait(false);
        var untrusted = await StoryRecord.StartAsync(example, example.Create(new RecordedTraffic())).ConfigureAwait(false);
        await using (trusted.ConfigureAwait(false))
        await using (untrusted.ConfigureAwait(false))
        {
            for (int i = 0; i < count; i++)
            {
                var original = example.Deliveries[random.Next(example.Deliveries.Count)];
                var changed = original with { Body = Mutation.Of(original.Body, random) };
                var unsigned = changed with { Headers = Unsigned(original.Headers, random), Query = "" };
                bool isSigned = random.Next(8) != 0;
                var result = await SendAsync(isSigned ? trusted : untrusted, isSigned ? example.Sign(changed) : unsigned, seed).ConfigureAwait(false);
                outcomes[result.Outcome] = outcomes.GetValueOrDefault(result.Outcome) + 1;
                Check(result.StatusCode is >= 200 and < 500, $"the answer is {result.StatusCode} ({result.Detail})", changed, seed);
                Check(isSigned || result.Outcome == WebhookOutcome.Unauthorized, $"an unsigned delivery is {result.Outcome}", changed, seed);
            }
            Expect.Sequence([], await untrusted.RegistersAsync().ConfigureAwait(false), "what unsigned deliveries left");
        }
    }

    private static async Task<WebhookResult> SendAsync(StoryRecord record, WebhookDelivery delivery, int seed)
    {
        try
        {
            return await record.ReceiveAsync(delivery).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw new ConformanceException($"{e.GetType().Name} ({e.Message}) {Shown(delivery, seed)}", e);
        }
    }

    // All that could prove the sender is gone or wrong; what says which event it is stays.
    private static Dictionary<string, string> Unsigned(IReadOnlyDictionary<string, string> headers, Random random)
    {
        var changed = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
            if (value.Length < SharedSecretAuthenticator.MinSecretLength) changed[name] = value;
            else if (random.Next(2) == 0) changed[name] = new string('0', value.Length);
        return changed;
    }

    private static void Check(bool condition, string what, WebhookDelivery delivery, int seed)
    {
        if (!condition) throw new ConformanceException($"{what} {Shown(delivery, seed)}");
    }

    private static string Shown(WebhookDelivery delivery, int seed) => $"for seed {seed} and: {Encoding.UTF8.GetString(delivery.Body.Span[..Math.Min(delivery.Body.Length, 4_000)])}";
}
