using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads the lines of many patches with one command.</summary>
internal sealed class PatchLinesReader(GitRunner git, CloneMemory memory)
{
    private const int Chunk = 50;
    private const long MaxPatchBytes = 64L * 1024 * 1024;
    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>The lines of the patches; those that are too large or cannot be read are left out.</summary>
    public async Task<Dictionary<DiffKey, PatchLines>> ReadAsync(IEnumerable<DiffKey> diffs, CancellationToken cancellationToken)
    {
        var lines = new Dictionary<DiffKey, PatchLines>();
        foreach (var chunk in DiffRounds.Of(diffs, Chunk))
            await Halves.RunAsync<DiffKey>(chunk, part => ReadAsync(part, lines, cancellationToken), static _ => { }).ConfigureAwait(false);
        return lines;
    }

    private async Task<bool> ReadAsync(ArraySegment<DiffKey> diffs, Dictionary<DiffKey, PatchLines> lines, CancellationToken cancellationToken)
    {
        var call = new GitCall(["diff-tree", "--stdin", "-r", "-p", "--root", .. PatchText.Options, "--unified=0"])
        {
            Input = GitInput.Lines(diffs.Select(static d => d.InputLine)),
            MaxOutputBytes = MaxPatchBytes,
        };
        if (await git.TryAsync(call, cancellationToken).ConfigureAwait(false) is not { } answer) return false;
        var byCommit = diffs.ToDictionary(static d => d.Commit, StringComparer.Ordinal);
        foreach (var (commit, patch) in Parse(answer.Output))
        {
            // A file that became a link is two parts of a patch and one path: then the parts do not tell which path they are of.
            if (byCommit.TryGetValue(commit, out var diff) && memory.Changes.GetValueOrDefault(diff, TreeChanges.Unknown).Items.Length == patch.Files.Length) lines[diff] = patch;
        }
        return true;
    }

    // The commit's id on a line of its own; then for each file "diff --git", headers, and "@@" before lines that begin with '+' or '-'.
    private static List<(string Commit, PatchLines Patch)> Parse(ReadOnlyMemory<byte> output)
    {
        var patches = new List<(string, PatchLines)>();
        var files = ImmutableArray.CreateBuilder<(HashSet<ulong> Added, HashSet<ulong> Removed)>();
        string? commit = null;
        bool inHunk = false;
        foreach (var range in output.Span.Split((byte)'\n'))
        {
            var line = output.Span[range];
            if (line.IsEmpty) continue;
            if (line.Length is 40 or 64 && !line.ContainsAnyExcept(HexDigits))
            {
                End();
                commit = Encoding.ASCII.GetString(line);
            }
            else if (line.StartsWith("diff --git "u8))
            {
                files.Add(([], []));
                inHunk = false;
            }
            else if (line.StartsWith("@@ "u8)) inHunk = true;
            else if (inHunk)
            {
                if (line[0] is (byte)'+' or (byte)'-' && PatchLines.Hash(line[1..]) is { } hash) (line[0] == '+' ? files[^1].Added : files[^1].Removed).Add(hash);
            }
        }
        End();
        return patches;

        void End()
        {
            if (commit is not null) patches.Add((commit, new PatchLines(files.ToImmutable())));
            files.Clear();
            inHunk = false;
        }
    }
}
