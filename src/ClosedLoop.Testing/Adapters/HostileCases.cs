using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>Whatever is sent, nothing is thrown, made up or given away.</summary>
internal static class HostileCases
{
    private const int Mutants = 400;

    // Values of another type, size or meaning than the one that stood there.
    private static readonly string[] Values = ["null", "true", "-1", "0", "1e400", "9223372036854775808", "\"\"", "[]", "{}", "[[[[]]]]", "\"\\ud800\"", "\"\\u0000\"", "\"0001-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59.999999999Z\"", "\"../../x\"", "\"constructor\""];

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
                byte[] body = i % 2 == 0 ? WithOtherBytes(delivery.Body, random) : WithOtherValue(delivery.Body, random);
                Translate(adapter, delivery with { Body = body });
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

    private static byte[] WithOtherBytes(ReadOnlyMemory<byte> body, Random random)
    {
        byte[] changed = body.ToArray();
        for (int i = random.Next(1, 4); i > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
        return random.Next(4) == 0 ? changed[..random.Next(changed.Length)] : changed;
    }

    // Puts a value where another one stood after a colon.
    private static byte[] WithOtherValue(ReadOnlyMemory<byte> body, Random random)
    {
        string text = Encoding.UTF8.GetString(body.Span);
        var colons = Enumerable.Range(0, text.Length).Where(i => text[i] == ':' && i + 1 < text.Length && text[i - 1] == '"').ToList();
        if (colons.Count == 0) return body.ToArray();
        int from = colons[random.Next(colons.Count)] + 1, to = from;
        bool quoted = false;
        for (int depth = 0; to < text.Length; to++)
        {
            char c = text[to];
            if (c == '"' && text[to - 1] != '\\') quoted = !quoted;
            else if (!quoted && c is '{' or '[') depth++;
            else if (!quoted && c is '}' or ']' && --depth < 0) break;
            else if (!quoted && depth == 0 && c == ',') break;
        }
        return Encoding.UTF8.GetBytes(text[..from] + Values[random.Next(Values.Length)] + text[to..]);
    }
}
