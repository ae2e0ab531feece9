using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>Which landings have the patch of something else. Pure.</summary>
internal static class SamePatchRule
{
    /// <summary>The differences that have the same paths as another one of another origin: only these can have one patch.</summary>
    public static IEnumerable<DiffKey> ToCompare(IEnumerable<Participant> participants, Func<DiffKey, TreeChanges> changes)
    {
        foreach (var group in participants.Where(p => changes(p.Diff).IsComparable).GroupBy(p => changes(p.Diff).PathSet))
        {
            var members = group.ToList();
            if (members.Any(static m => m.Line >= 0) && members.Any(m => m.Line != members[0].Line))
                foreach (var member in members) yield return member.Diff;
        }
    }

    /// <summary>Landings with the patch of a commit on another line, of a commit that was forced away, or of a candidate.</summary>
    /// <remarks>
    /// Of two landings the later one is the copy, by the committers' clocks; of one second, each is the other's. Of several it is the copy of
    /// the earliest.
    /// </remarks>
    public static IEnumerable<(LineCommit Landing, Key Origin)> Find(IEnumerable<Participant> participants, Func<DiffKey, string?> patchId)
    {
        foreach (var group in participants.Where(p => patchId(p.Diff) is not null).GroupBy(p => patchId(p.Diff)!, StringComparer.Ordinal))
        {
            var members = group.ToList();
            if (members.Count < 2) continue;
            foreach (var copy in members.Where(static m => m.Line >= 0))
            {
                var landing = copy.Landing!;
                var origins = members.Where(static m => m.Line < 0).SelectMany(static m => m.Names);
                var earliest = members.Where(m => m.Line >= 0 && m.Line != copy.Line && m.Landing!.CommittedAt <= landing.CommittedAt && !landing.Parents.Contains(m.Landing.Sha))
                    .OrderBy(static m => m.Landing!.CommittedAt).ThenBy(static m => m.Landing!.Sha, StringComparer.Ordinal).FirstOrDefault();
                if (earliest is not null) origins = origins.Concat(earliest.Names);
                foreach (var origin in origins.Distinct()) yield return (landing, origin);
            }
        }
    }

    /// <summary>
    /// Landings that end a rebase: every commit of a branch is on one line under another id. The whole branch has landed with the newest.
    /// </summary>
    public static IEnumerable<(LineCommit Landing, Candidate Branch)> FindRebases(IEnumerable<Participant> participants, IEnumerable<Candidate> candidates, Func<DiffKey, string?> patchId)
    {
        var landed = participants.Where(p => p.Line >= 0 && patchId(p.Diff) is not null).ToLookup(p => patchId(p.Diff)!, StringComparer.Ordinal);
        foreach (var candidate in candidates.Where(static c => c.Singles.Length > 1))
        {
            var copies = candidate.Singles.Select(s => patchId(s) is { } id ? landed[id].ToImmutableArray() : []).ToList();
            if (copies.Any(static c => c.IsEmpty)) continue;
            foreach (var newest in copies[0].Where(n => copies.TrueForAll(c => c.Any(other => other.Line == n.Line)))) yield return (newest.Landing!, candidate);
        }
    }
}
