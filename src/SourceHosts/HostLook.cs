using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Adapters.GitHub.Probing;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>One probe: the order in which it reads. What is known and open comes first, since what follows may use up the budget. Not safe for use by several threads.</summary>
internal sealed class HostLook(HostSession session, IHostReader reader, HeadMemory heads, ConcurrentDictionary<string, string> defaults, int maxSegments)
{
    private const int PageSize = 100, MovedPageSize = 20;

    private readonly HashSet<Key> _asked = [];
    private readonly HashSet<LineGap> _lines = [];
    private readonly List<LineGap> _moved = [];

    private HostSettings Settings => session.Settings;

    public async Task<ProbeResult> ExecuteAsync(ProbeBatch batch, CancellationToken cancellationToken)
    {
        foreach (var key in batch.Keys) await ReadAsync(key, cancellationToken).ConfigureAwait(false);
        var lines = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (batch.SweepSince is not null)
            foreach (string repository in Settings.Repositories)
                lines[repository] = await ReadHeadsAsync(repository, cancellationToken).ConfigureAwait(false);
        foreach (var gap in batch.Lines) await ReadGapAsync(gap, cancellationToken).ConfigureAwait(false);
        foreach (var gap in _moved) await ReadHistoryAsync(gap, MovedPageSize, cancellationToken).ConfigureAwait(false);
        if (batch.SweepSince is { } since) await SweepAsync(since, lines, cancellationToken).ConfigureAwait(false);
        // A merge that no webhook announced: its CI may be done already.
        foreach (var landing in session.Harvest.Facts.Where(static f => f.Kind == FactKinds.Landing).Select(static f => f.Subject).ToList())
            await ReadAsync(landing, cancellationToken).ConfigureAwait(false);
        return session.Result();
    }

    private async Task ReadAsync(Key key, CancellationToken cancellationToken)
    {
        if (session.IsStopped || !_asked.Add(key)) return;
        if (HostKey.TryChange(key, 2, maxSegments, out string repository, out long number))
        {
            if (Watches(key, repository)) await reader.ReadChangeAsync(repository, number, null, cancellationToken).ConfigureAwait(false);
        }
        else if (HostKey.TryCommit(key, 2, maxSegments, out repository, out string sha))
        {
            if (Watches(key, repository)) await reader.ReadCommitAsync(repository, sha, await DefaultBranchAsync(repository, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        }
        else
        {
            session.Harvest.Diagnostics.Add($"{key} is not a change or commit that {Settings.System} can be asked for");
        }
    }

    private bool Watches(Key key, string repository)
    {
        if (Settings.Watches(repository)) return true;
        session.Harvest.Diagnostics.Add($"{key} is not read: its repository is not in {Settings.System}:{Settings.RepositoriesOption}");
        return false;
    }

    private async Task<string?> DefaultBranchAsync(string repository, CancellationToken cancellationToken)
    {
        if (defaults.TryGetValue(repository, out string? known)) return known;
        var read = await reader.DefaultBranchAsync(repository, cancellationToken).ConfigureAwait(false);
        return read is null ? null : defaults[repository] = read;
    }

    private async Task<List<string>> ReadHeadsAsync(string repository, CancellationToken cancellationToken)
    {
        // Once a sweep, because it can be changed.
        if (!session.IsStopped && await reader.DefaultBranchAsync(repository, cancellationToken).ConfigureAwait(false) is { } read) defaults[repository] = read;
        var lines = Settings.TargetBranches.ToList();
        if (defaults.TryGetValue(repository, out string? byDefault) && !lines.Contains(byDefault)) lines.Insert(0, byDefault);
        foreach (string branch in lines)
            if (await HeadAsync(repository, branch, cancellationToken).ConfigureAwait(false) is { Moved: true } head)
                _moved.Add(new LineGap(repository, branch, head.Sha));
        return lines;
    }

    private async Task<(string Sha, bool Moved)?> HeadAsync(string repository, string branch, CancellationToken cancellationToken)
    {
        if (session.IsStopped || await reader.HeadAsync(repository, branch, cancellationToken).ConfigureAwait(false) is not { } head) return null;
        if (head.AsOf is not { } at)
        {
            session.Harvest.Diagnostics.Add($"{Settings.System}'s answer has no Date header, or one more than five minutes ahead of this machine's clock, so where branches stand was not taken from it; check both clocks and a proxy on the way");
            return (head.Sha, false);
        }
        if (KeyText.Branch(repository, branch) is not { } subject) return null;
        var (fact, moved) = heads.Say(new Fact
        {
            Subject = subject,
            Kind = FactKinds.Head,
            Writer = Settings.SourceControl,
            Ordinal = Ordinal.At(at),
            Status = GateStatus.Passed,
            OccurredAt = at,
            Revision = head.Sha,
            Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal)
                .Add(FactAttributes.Repository, repository.ToLowerInvariant())
                .Add(FactAttributes.Branch, branch),
        });
        session.Harvest.Facts.Add(fact);
        return (head.Sha, moved);
    }

    private async Task ReadGapAsync(LineGap asked, CancellationToken cancellationToken)
    {
        if (session.IsStopped) return;
        var gap = new LineGap(asked.Repository.ToLowerInvariant(), asked.Branch.Trim(), asked.From?.ToLowerInvariant());
        if (!RepositoryPath.IsValid(gap.Repository, 2, maxSegments) || (gap.From is null ? gap.Branch.Length == 0 : !KeyText.IsCommit(gap.From)))
            session.Harvest.Diagnostics.Add($"the history of {Name(gap)} is not something that {Settings.System} can be asked for");
        else if (!Settings.Watches(gap.Repository))
            session.Harvest.Diagnostics.Add($"the history of {Name(gap)} is not read: its repository is not in {Settings.System}:{Settings.RepositoriesOption}");
        else
        {
            var head = gap.Branch.Length > 0 ? await HeadAsync(gap.Repository, gap.Branch, cancellationToken).ConfigureAwait(false) : null;
            if (gap.Branch.Length > 0 && head is null && !session.IsStopped) session.Harvest.Diagnostics.Add($"the history of {Name(gap)}: there is no such branch (any more)");
            if ((gap.From ?? head?.Sha) is { } from) await ReadHistoryAsync(gap with { From = from }, PageSize, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ReadHistoryAsync(LineGap gap, int count, CancellationToken cancellationToken)
    {
        if (session.IsStopped || !_lines.Add(gap)) return;
        var found = LineCommitSeen.FirstParents(await reader.HistoryAsync(gap.Repository, gap.From!, count, cancellationToken).ConfigureAwait(false), gap.From!);
        if (session.IsStopped) return;
        if (found.Count == 0) session.Harvest.Diagnostics.Add($"the history of {Name(gap)}: {Settings.System} does not show {gap.From} with its history (yet)");
        bool onDefault = defaults.TryGetValue(gap.Repository, out string? byDefault) && byDefault == gap.Branch;
        foreach (var commit in found)
        {
            session.Harvest.History.Add(new CommitNode(gap.Repository, commit.Sha, commit.Parents) { CommittedAt = commit.At });
            session.Guard(commit.Sha, () => LineCommitFacts.Add(commit, gap.Repository, gap.Branch.Length > 0 ? gap.Branch : null, onDefault, Settings, session.Harvest));
        }
    }

    private async Task SweepAsync(DateTimeOffset since, Dictionary<string, List<string>> lines, CancellationToken cancellationToken)
    {
        var changed = new List<(string Repository, long Number, DateTimeOffset At, JsonElement Listed)>();
        bool isListed = true;
        foreach (string repository in Settings.Repositories)
        {
            if (session.IsStopped) break;
            var found = await reader.ChangedAsync(repository, since, cancellationToken).ConfigureAwait(false);
            isListed &= found is not null;
            foreach (var (number, at, listed) in found ?? []) changed.Add((repository, number, at, listed));
            await reader.ReadRepositoryAsync(repository, lines.GetValueOrDefault(repository) ?? [], defaults.GetValueOrDefault(repository), since, cancellationToken).ConfigureAwait(false);
        }
        isListed &= !session.IsStopped;
        // Oldest first, so that a flood that one budget does not pay for is read in parts.
        foreach (var change in changed.OrderBy(static c => c.At))
        {
            if (!_asked.Add(Key.PullRequest(change.Repository, change.Number))) continue;
            if (!session.IsStopped) await reader.ReadChangeAsync(change.Repository, change.Number, change.Listed, cancellationToken).ConfigureAwait(false);
            if (!session.IsStopped) continue;
            if (isListed) session.SweptUntil = change.At;
            break;
        }
    }

    private static string Name(LineGap gap) => gap.Branch.Length > 0 ? $"{gap.Branch} of {gap.Repository}" : $"{gap.From} of {gap.Repository}";
}
