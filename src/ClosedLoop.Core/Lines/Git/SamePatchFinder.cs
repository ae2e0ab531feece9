using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>Finds landings that have the patch of something else: cherry-picks, rebases and squashes that do not say so.</summary>
internal sealed class SamePatchFinder(string repository, GitRunner git, CloneMemory memory)
{
    /// <summary>What there is to compare.</summary>
    public static ImmutableArray<Participant> Participants(string repository, ImmutableArray<LineView> lines, IReadOnlyCollection<Candidate> candidates)
    {
        var all = ImmutableArray.CreateBuilder<Participant>();
        var landed = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < lines.Length; i++)
            foreach (var commit in lines[i].OwnCommits.Where(c => landed.Add(c.Sha)))
                all.Add(new Participant(DiffKey.Of(commit), i, commit, [Key.Commit(repository, commit.Sha)]));
        foreach (var commit in lines.SelectMany(static l => l.Detached).Where(c => landed.Add(c.Sha)))
            all.Add(new Participant(DiffKey.Of(commit), -1, null, [Key.Commit(repository, commit.Sha)]));
        foreach (var candidate in candidates)
        {
            all.Add(new Participant(candidate.Whole, -1, null, Names(repository, candidate)));
            foreach (var single in candidate.Singles.Where(s => s != candidate.Whole)) all.Add(new Participant(single, -1, null, [Key.Commit(repository, single.Commit)]));
        }
        return all.ToImmutable();
    }

    /// <summary>Adds what is found to <see cref="CloneMemory.SamePatch"/>.</summary>
    public async Task FindAsync(ImmutableArray<LineView> lines, IReadOnlyCollection<Candidate> candidates, CancellationToken cancellationToken)
    {
        var participants = Participants(repository, lines, candidates);
        var reader = new PatchIdReader(git);
        await reader.ReadAsync(SamePatchRule.ToCompare(participants, d => memory.Changes.GetValueOrDefault(d, TreeChanges.Unknown)), reverse: false, memory.PatchIds, cancellationToken).ConfigureAwait(false);
        var found = SamePatchRule.Find(participants, PatchId).ToList();
        var rebased = SamePatchRule.FindRebases(participants, candidates, PatchId).ToList();
        await reader.ReadAsync(found.Select(static f => DiffKey.Of(f.Landing)), reverse: true, memory.ReversePatchIds, cancellationToken).ConfigureAwait(false);
        foreach (var (landing, origin) in found.Concat(rebased.SelectMany(r => Names(repository, r.Branch).Select(name => (r.Landing, name)))))
        {
            if (memory.IsItsOwnOpposite(DiffKey.Of(landing))) continue;
            memory.SamePatch[landing.Sha] = memory.SamePatch.GetValueOrDefault(landing.Sha, []).Add(origin);
        }
    }

    private string? PatchId(DiffKey diff) => memory.PatchIds.GetValueOrDefault(diff);

    private static ImmutableArray<Key> Names(string repository, Candidate candidate) =>
        [Key.Commit(repository, candidate.Whole.Commit), .. candidate.PullRequests.Select(n => Key.PullRequest(repository, n))];
}
