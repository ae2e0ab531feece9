using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Conformance;

namespace ClosedLoop.Testing.Adapters;

/// <summary>A source that fails, limits or lies says nothing of its subjects.</summary>
internal static class ProbeCases
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    public static IReadOnlyList<AdapterCase> All { get; } =
    [
        new("a source that cannot be reached is a result, and no fact", Unreachable),
        new("a source that limits the rate is asked again when it said", Limited),
        new("answers that are no answers bring no fact", Garbage),
        new("a redirect to another host gets no request", Redirected),
        new("a look stays within its allowance", WithinAllowance),
    ];

    private static async Task Unreachable(AdapterExample example)
    {
        foreach (int status in (int[])[0, 401, 500, 502, 503])
            if (await LookAsync(example, (status, NoHeaders)).ConfigureAwait(false) is var (result, _))
            {
                Expect.True(result.Outcome == ProbeOutcome.Unreachable, $"with status {status} the source is unreachable (it was {result.Outcome})");
                Expect.True(!string.IsNullOrWhiteSpace(result.Detail), "it says what happened");
                Expect.Sequence([], result.Facts);
            }
    }

    private static async Task Limited(AdapterExample example)
    {
        if (await LookAsync(example, (429, new Dictionary<string, string> { ["Retry-After"] = "120" })).ConfigureAwait(false) is not var (result, _)) return;
        Expect.Equal(ProbeOutcome.RateLimited, result.Outcome);
        Expect.True(result.RetryAt is not null, "it says when to look again");
        Expect.Sequence([], result.Facts);
    }

    private static async Task Garbage(AdapterExample example)
    {
        if (example.Look is null) return;
        foreach (string body in (string[])["", "<html>login</html>", "{", "null", "[]", "{}", "42"])
        {
            var recorded = new RecordedTraffic();
            example.Record(recorded);
            var answers = new Replaced(recorded, body);
            var result = await ProbeAsync(example, answers, example.Look).ConfigureAwait(false);
            Expect.True(result.Facts.All(static f => f.Status != GateStatus.Passed), $"an answer of '{body}' passes no gate");
        }
    }

    private static async Task Redirected(AdapterExample example)
    {
        if (await LookAsync(example, (302, new Dictionary<string, string> { ["Location"] = "http://elsewhere.example/take" })).ConfigureAwait(false) is not var (result, requests)) return;
        Expect.True(result.Outcome != ProbeOutcome.Reached, "a redirect is no answer");
        Expect.True(requests.All(static r => r.Address.Host != "elsewhere.example"), "nobody else is asked");
    }

    private static async Task WithinAllowance(AdapterExample example)
    {
        if (example.Look is null) return;
        foreach (int allowance in (int[])[0, 1, 2])
        {
            var traffic = new RecordedTraffic();
            example.Record(traffic);
            var result = await ProbeAsync(example, traffic, example.Look with { Allowance = allowance }).ConfigureAwait(false);
            int taken = result.Calls ?? traffic.Requests.Count;
            Expect.True(taken <= allowance, $"of an allowance of {allowance} it takes no more (it took {taken})");
            Expect.True(result.Outcome != ProbeOutcome.Unreachable, $"at an allowance of {allowance} the source is limited, not away");
        }
    }

    private static async Task<(ProbeResult Result, IReadOnlyList<RecordedRequest> Requests)?> LookAsync(AdapterExample example, (int, IReadOnlyDictionary<string, string>) failure)
    {
        if (example.Look is not { } look) return null;
        var traffic = new RecordedTraffic { Failure = failure };
        return (await ProbeAsync(example, traffic, look).ConfigureAwait(false), traffic.Requests);
    }

    private static async Task<ProbeResult> ProbeAsync(AdapterExample example, HttpMessageHandler handler, ProbeBatch look)
    {
        try
        {
            return await example.Create(handler).Probe!.ProbeAsync(look, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            throw new ConformanceException($"the probe threw {e.GetType().Name} ({e.Message}); an unreachable source is a result", e);
        }
    }

    /// <summary>Answers what is recorded with another body.</summary>
    private sealed class Replaced : DelegatingHandler
    {
        private readonly string _body;

        public Replaced(HttpMessageHandler recorded, string body)
            : base(recorded) => _body = body;

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
            response.Content = new StringContent(_body, System.Text.Encoding.UTF8, "application/json");
            return response;
        }
    }
}
