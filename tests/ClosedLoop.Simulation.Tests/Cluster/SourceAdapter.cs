using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Simulation.Tests.World;

namespace ClosedLoop.Simulation.Tests.Cluster;

/// <summary>The adapter of one of the world's providers, as a team would write it: a probe, a translator and a registration.</summary>
internal sealed class SourceAdapter(NodeLife life, DeliveryWorld world, Source source, SimulationOptions options) : IProbe, IWebhookTranslator, IWebhookAuthenticator
{
    public AdapterRegistration Register() => new()
    {
        Name = source.Name,
        Writers = source == world.Scm ? [WorldFacts.Scm] : source == world.Ci ? [WorldFacts.Ci, WorldFacts.Registry, WorldFacts.Scanner] : [WorldFacts.Deployer, WorldFacts.Health],
        Gates = source == world.Scm ? [Gates.PrOpened, Gates.Reviewed, Gates.Merged] : source == world.Ci ? [Gates.MainCi, Gates.ImageBuilt, Truth.Scan] : [Gates.RolledOut, Gates.Healthy],
        Probe = this,
        ProbeSchemes = source == world.Scm ? [KeySchemes.PullRequest] : source == world.Ci ? [KeySchemes.Commit] : [KeySchemes.Environment],
        ReadsLines = source == world.Scm,
        PollInterval = options.PollInterval,
        QuietPollInterval = options.QuietPollInterval,
        HintDelay = options.HintDelay,
        Translator = this,
        Authenticator = this,
    };

    public async ValueTask<ProbeResult> ProbeAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var faults = life.Faults;
        life.Simulation.Figures.Polls++;
        life.Simulation.Figures.Looks += batch.Keys.Length;
        await life.SleepAsync(life.Dice.Span(TimeSpan.Zero, faults.StoreLatency * 10));
        var now = life.Scheduler.Now;
        if (now < source.DownUntil) return ProbeResult.Unreachable("connection refused");
        if (now < source.LimitedUntil || life.Dice.Chance(faults.RateLimited))
        {
            if (now >= source.LimitedUntil) source.LimitedUntil = now + life.Dice.Span(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(3));
            // By the node's clock, as an adapter reckons it from Retry-After.
            return new ProbeResult { Outcome = ProbeOutcome.RateLimited, RetryAt = life.Clock.GetUtcNow() + (source.LimitedUntil - now), Detail = "429" };
        }
        if (life.Dice.Chance(faults.ProbeFails)) throw new TimeoutException("the answer was cut off");
        var asOf = life.Dice.Chance(faults.StaleRead) ? now - life.Dice.Span(TimeSpan.Zero, faults.Stale) : now;
        return Read(batch, asOf);
    }

    public bool IsAuthentic(in WebhookDelivery delivery) => true;

    public Translation Translate(in WebhookDelivery delivery)
    {
        string id = Encoding.UTF8.GetString(delivery.Body.Span);
        var announcement = life.Simulation.Network.Read(int.Parse(id, CultureInfo.InvariantCulture));
        return Translation.Of(announcement.Subject.Scheme, announcement.Facts) with { DeliveryId = id, History = announcement.History, Hints = [announcement.Subject] };
    }

    private ProbeResult Read(ProbeBatch batch, DateTimeOffset asOf)
    {
        var facts = new HashSet<Fact>();
        var history = ImmutableArray.CreateBuilder<CommitNode>();
        foreach (var key in batch.Keys)
        {
            if (key.Is(KeySchemes.Commit)) ReadBuilds(key, asOf, facts);
            else if (source.Read(key, asOf) is { } shown) facts.UnionWith(shown.Facts);
        }
        if (batch.SweepSince is { } since)
        {
            foreach (var shown in source.Changed(since - life.Clock.Skew, asOf))
            {
                facts.UnionWith(shown.Facts);
                history.AddRange(shown.History);
            }
        }
        foreach (var gap in batch.Lines) ReadLine(gap, asOf, facts, history);
        return new ProbeResult { Facts = [.. facts], History = history.ToImmutable() };
    }

    // What CI knows of a commit: the builds since, up to the first green one.
    private void ReadBuilds(Key landing, DateTimeOffset asOf, HashSet<Fact> facts)
    {
        if (!world.Landings.TryGetValue(landing, out var landed)) return;
        var (repository, commit) = landed;
        for (int i = repository.FirstBuild(commit.Position); i < repository.Builds.Count; i++)
        {
            var build = repository.Builds[i];
            if (build.At(asOf) is not { } state) break;
            facts.Add(WorldFacts.Of(repository, build, state));
            if (state.Status != GateStatus.Passed) continue;
            foreach (var image in repository.ImagesOf.GetValueOrDefault(build.Commit.Position, []))
                if (image.At <= asOf)
                    facts.UnionWith(WorldFacts.Of(repository, image));
            foreach (var scan in repository.Scans.FindAll(scan => scan.Commit == build.Commit && scan.At <= asOf)) facts.Add(WorldFacts.Scan(repository, scan.Commit, scan.At, scan.Passed));
            break;
        }
    }

    private void ReadLine(LineGap gap, DateTimeOffset asOf, HashSet<Fact> facts, ImmutableArray<CommitNode>.Builder history)
    {
        var repository = world.Repositories.Find(r => r.Name == gap.Repository)!;
        int head = repository.Line.FindLastIndex(c => c.At <= asOf);
        if (head < 0) return;
        int from = gap.From is { } sha ? repository.Line.FindLastIndex(c => c.At <= asOf && c.Sha == sha) : head;
        facts.Add(WorldFacts.Head(repository, repository.Line[head]));
        for (int i = from; i >= 0 && i > from - options.CommitsPerPage; i--)
        {
            var commit = repository.Line[i];
            history.AddRange(WorldFacts.Nodes(repository, commit));
            if (commit.Reverts is { } reverts) facts.Add(WorldFacts.Revert(repository, commit, reverts));
        }
    }
}
