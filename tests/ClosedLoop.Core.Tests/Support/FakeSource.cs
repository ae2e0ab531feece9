using ClosedLoop.Adapters;
using ClosedLoop.Facts;

namespace ClosedLoop.Core.Tests.Support;

/// <summary>A source whose truth tests set: its probe reads it, and its webhooks say "n" to deliver the n-th thing that it announced.</summary>
internal sealed class FakeSource : IProbe, IWebhookTranslator, IWebhookAuthenticator
{
    private readonly List<(DateTimeOffset At, Fact Fact)> _truth = [];

    public List<ProbeBatch> Probes { get; } = [];

    public List<Fact[]> Announced { get; } = [];

    /// <summary>Answers instead of the truth, when set.</summary>
    public Func<ProbeBatch, ProbeResult?> Answer { get; set; } = static _ => null;

    /// <summary>The present facts: the newest of each register.</summary>
    public IEnumerable<Fact> Truth => _truth.Select(static t => t.Fact).GroupBy(static f => f.Register).Select(static g => g.Aggregate(FactJoin.Join));

    public AdapterRegistration Register(string name = "fake", params string[] gates) => Register(TimeSpan.FromSeconds(60), name, gates);

    public AdapterRegistration Register(TimeSpan interval, string name = "fake", params string[] gates) => Register(interval, null, 100, name, gates);

    public AdapterRegistration Register(TimeSpan interval, int? callsPerHour, int maxKeys, string name = "fake", params string[] gates) => new()
    {
        Name = name,
        Writers = [Given.Scm, Given.Ci, Given.Registry, Given.Deployer, Given.Health],
        Gates = gates.Length == 0 ? [.. Gates.Default] : [.. gates],
        Probe = this,
        PollInterval = interval,
        CallsPerHour = callsPerHour,
        MaxKeysPerProbe = maxKeys,
        Translator = this,
        Authenticator = this,
        ProbeSchemes = [KeySchemes.PullRequest, KeySchemes.Commit, KeySchemes.Build, KeySchemes.Image, KeySchemes.Environment],
    };

    public void Happens(DateTimeOffset at, params Fact[] facts)
    {
        foreach (var fact in facts) _truth.Add((at, fact));
        Announced.Add(facts);
    }

    public ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        Probes.Add(batch);
        if (Answer(batch) is { } answer) return new(answer);
        var present = Truth.ToList();
        var asked = batch.Keys.ToHashSet();
        // What hangs on a subject is read with it, as real probes read a pull request's reviews and a commit's builds.
        for (int depth = 0; depth < 4; depth++)
            foreach (var fact in present.Where(f => f.Links.Any(asked.Contains)).ToList()) asked.Add(fact.Subject);
        var changed = batch.SweepSince is { } since ? _truth.Where(t => t.At >= since).Select(static t => t.Fact.Subject).ToHashSet() : [];
        return new(ProbeResult.Reached(present.Where(f => asked.Contains(f.Subject) || changed.Contains(f.Subject))));
    }

    public bool IsAuthentic(in WebhookDelivery delivery) => delivery.Header("X-Secret") == "right";

    public Translation Translate(in WebhookDelivery delivery)
    {
        string text = System.Text.Encoding.UTF8.GetString(delivery.Body.Span);
        if (text == "ignore") return Translation.Ignored("ping", "nothing to do");
        if (text == "throw") throw new InvalidOperationException("the translator fell over");
        return int.TryParse(text, out int index) ? Translation.Of("thing", Announced[index]) with { DeliveryId = text } : Translation.Malformed("thing", "expected a number");
    }

    public static WebhookDelivery Delivery(string body, DateTimeOffset at, string secret = "right") => new()
    {
        Source = "fake",
        Headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["X-Secret"] = secret },
        Body = System.Text.Encoding.UTF8.GetBytes(body),
        ReceivedAt = at,
    };
}
