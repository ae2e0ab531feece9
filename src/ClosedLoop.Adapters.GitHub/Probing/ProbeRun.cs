using System.Collections.Concurrent;
using ClosedLoop.Adapters.GitHub.GraphQl;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>One probe: the order in which it reads. What is known and open comes first, since what follows may use up the budget.</summary>
internal sealed class ProbeRun
{
    private readonly ProbeSession _session;
    private readonly LineReader _lines;
    private readonly SubjectReader _subjects;
    private readonly PullRequestSweep _sweep;
    private readonly Redelivery _redelivery;

    public ProbeRun(GitHubSettings settings, GitHubClient client, ConcurrentDictionary<string, SweepMemory> lists, HeadMemory heads, ChunkMemory chunks, ConcurrentDictionary<string, HookMemory> hooks, int allowance)
    {
        _session = new ProbeSession(settings, client, allowance);
        _lines = new LineReader(_session, heads);
        _subjects = new SubjectReader(_session, _lines, chunks);
        _sweep = new PullRequestSweep(_session, lists);
        _redelivery = new Redelivery(_session, hooks, client.Time);
    }

    public async Task<ProbeResult> ExecuteAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        var repositories = _session.Settings.Repositories;
        var subjects = Read(batch.Keys);
        // Where lines stand rides along with them.
        if (batch.SweepSince is not null) subjects.AddRange(repositories.Select(GraphQlSubject.Lines));
        await _subjects.ReadAsync(subjects, cancellationToken).ConfigureAwait(false);
        await _lines.ReadAsync(batch.Lines, cancellationToken).ConfigureAwait(false);
        await _lines.ReadMovedAsync(cancellationToken).ConfigureAwait(false);
        if (batch.SweepSince is { } since)
        {
            var changed = new List<(GraphQlSubject Pull, DateTimeOffset At)>();
            foreach (string repository in repositories)
            {
                if (_session.IsStopped) break;
                var found = _subjects.ChangedSince(repository, since) ?? await _sweep.FindAsync(repository, since, cancellationToken).ConfigureAwait(false);
                foreach (var (number, at) in found) changed.Add((new GraphQlSubject(repository, number, null), at));
            }
            bool isListed = !_session.IsStopped;
            changed.Sort(static (a, b) => a.At.CompareTo(b.At));
            await _subjects.ReadAsync(changed.Select(static c => c.Pull), cancellationToken).ConfigureAwait(false);
            // Oldest first, so that a flood that one budget does not pay for is read in parts.
            if (_session.IsStopped && isListed && changed.FirstOrDefault(c => !_subjects.WasAnswered(c.Pull)) is { At: { Ticks: > 0 } first }) _session.SweptUntil = first;
        }
        // A merge that no webhook announced: its checks may be done already.
        var landings = new List<GraphQlSubject>();
        foreach (var fact in _session.Harvest.Facts)
            if (fact.Kind == FactKinds.Landing && GraphQlSubject.TryParse(fact.Subject, out var landing))
                landings.Add(landing);
        await _subjects.ReadAsync(landings, cancellationToken).ConfigureAwait(false);
        if (batch.SweepSince is not null) await _redelivery.RepeatAsync(cancellationToken).ConfigureAwait(false);
        return _session.Result();
    }

    private List<GraphQlSubject> Read(IEnumerable<Key> keys)
    {
        var subjects = new List<GraphQlSubject>();
        foreach (var key in keys)
        {
            if (!GraphQlSubject.TryParse(key, out var subject)) _session.Harvest.Diagnostics.Add($"{key} is not a pull request or commit that GitHub can be asked for");
            else if (!_session.Settings.Watches(subject.Repository)) _session.Harvest.Diagnostics.Add($"{key} is not read: its repository is not in GitHub:Repositories");
            else subjects.Add(subject);
        }
        return subjects;
    }
}
