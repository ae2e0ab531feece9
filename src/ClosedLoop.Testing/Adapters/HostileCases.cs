using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>Whatever is sent, nothing is thrown, made up or given away.</summary>
internal static class HostileCases
{
    private const int Mutants = 400;

    public static IReadOnlyList<AdapterCase> All { get; } =
    [
        new("changed values and broken bytes are facts, ignored or malformed, and never an exception", Mutated),
        new("bodies that are nothing at all are malformed or ignored", Nothing),
        new("no secret shows in facts, details or diagnostics", SecretsStay),
    ];

    private static Task Mutated(AdapterExample example)
    {
        var adapter = example.Create(new RecordedTraffic());
        var random = new Random(1);
        foreach (var delivery in example.Deliveries)
            for (int i = 0; i < Mutants; i++)
            {
                Translate(adapter, delivery with { Body = Mutation.Of(delivery.Body, random) });
            }
        return Task.CompletedTask;
    }

    private static Task Nothing(AdapterExample example)
    {
        var adapter = example.Create(new RecordedTraffic());
        string deep = string.Concat(Enumerable.Repeat("[", 10_000));
        foreach (var delivery in example.Deliveries)
            foreach (string body in (string[])["", " ", "{", "null", "[]", "{}", "\"\"", "0", "\uFEFF{}", "<html>", deep])
            {
                var translation = Translate(adapter, delivery with { Body = Encoding.UTF8.GetBytes(body) });
                Expect.True(translation.Facts.IsEmpty, $"a body of '{body[..Math.Min(body.Length, 10)]}' holds no facts");
            }
        return Task.CompletedTask;
    }

    private static async Task SecretsStay(AdapterExample example)
    {
        var traffic = new RecordedTraffic();
        example.Record(traffic);
        var adapter = example.Create(traffic);
        foreach (var delivery in example.Deliveries)
        {
            var translation = adapter.Translator!.Translate(delivery);
            Check(string.Join('\n', translation.Facts.Select(static f => f.ToString())));
            Check($"{translation.Detail} {string.Join('\n', translation.Diagnostics)}");
        }
        if (example.Look is not { } look) return;
        foreach (var failure in (IEnumerable<(int, IReadOnlyDictionary<string, string>)?>)[null, (0, Headers()), (401, Headers()), (500, Headers())])
        {
            traffic.Failure = failure;
            var result = await adapter.Probe!.ProbeAsync(look, CancellationToken.None).ConfigureAwait(false);
            Check($"{result.Detail} {string.Join('\n', result.Diagnostics)} {string.Join('\n', result.Facts.Select(static f => f.ToString()))}");
        }
        foreach (var request in traffic.Requests) Check(request.Address.AbsoluteUri);

        void Check(string text)
        {
            foreach (string secret in example.Secrets) Expect.True(!text.Contains(secret, StringComparison.Ordinal), $"a secret shows in: {text.Replace(secret, "<secret>", StringComparison.Ordinal)}");
        }

        static IReadOnlyDictionary<string, string> Headers() => new Dictionary<string, string>();
    }

    private static Translation Translate(AdapterRegistration adapter, WebhookDelivery delivery)
    {
        try
        {
            return adapter.Translator!.Translate(delivery);
        }
        catch (Exception e)
        {
            throw new ConformanceException($"the translator threw {e.GetType().Name} ({e.Message}) for: {Encoding.UTF8.GetString(delivery.Body.Span[..Math.Min(delivery.Body.Length, 2000)])}", e);
        }
    }
}
