using System.Collections.Immutable;
using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads which paths differences have, and to which contents they lead; the contents themselves are not read.</summary>
internal sealed class ChangeReader(GitRunner git)
{
    private const int Chunk = 200;
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Adds the differences that are not known yet.</summary>
    public async Task ReadAsync(IEnumerable<DiffKey> diffs, Dictionary<DiffKey, TreeChanges> known, CancellationToken cancellationToken)
    {
        foreach (var chunk in DiffRounds.Of(diffs.Where(d => !known.ContainsKey(d)), Chunk))
            await Halves.RunAsync<DiffKey>(chunk, part => ReadAsync(part, known, cancellationToken), single => known[single] = TreeChanges.Unknown).ConfigureAwait(false);
    }

    private async Task<bool> ReadAsync(ArraySegment<DiffKey> diffs, Dictionary<DiffKey, TreeChanges> known, CancellationToken cancellationToken)
    {
        var call = new GitCall("diff-tree", "--stdin", "-r", "--raw", "-z", "--root", "--no-renames", "--no-abbrev", "--no-ext-diff", "--ignore-submodules=none")
        {
            Input = GitInput.Lines(diffs.Select(static d => d.InputLine)),
        };
        if (await git.TryAsync(call, cancellationToken).ConfigureAwait(false) is not { } answer) return false;
        var found = Parse(answer.Output);
        foreach (var diff in diffs) known[diff] = found.GetValueOrDefault(diff.Commit, TreeChanges.Empty);
        return true;
    }

    // <id> NUL (":<mode> <mode> <id> <id> <letter>" NUL <path> NUL)*; a commit without changes is not named.
    private static Dictionary<string, TreeChanges> Parse(ReadOnlyMemory<byte> output)
    {
        var found = new Dictionary<string, TreeChanges>(StringComparer.Ordinal);
        string? commit = null;
        var items = ImmutableArray.CreateBuilder<TreeChange>();
        bool complete = true;
        string? change = null;
        foreach (var range in output.Span.Split((byte)0))
        {
            var field = output.Span[range];
            if (change is not null)
            {
                Add(change, field);
                change = null;
            }
            else if (field.IsEmpty) continue;
            else if (field[0] == ':') change = Encoding.ASCII.GetString(field[1..]);
            else
            {
                End();
                commit = Encoding.ASCII.GetString(field);
            }
        }
        End();
        return found;

        void Add(string about, ReadOnlySpan<byte> path)
        {
            string[] parts = about.Split(' ');
            complete &= items.Count < TreeChanges.MaxPaths;
            if (!complete) return;
            try
            {
                items.Add(new TreeChange(Strict.GetString(path), Content(parts[0], parts[2]), Content(parts[1], parts[3])));
            }
            catch (DecoderFallbackException)
            {
                complete = false;
            }
        }

        void End()
        {
            if (commit is not null) found[commit] = new TreeChanges(items.ToImmutable(), complete);
            items.Clear();
            complete = true;
        }
    }

    private static string? Content(string mode, string id) => mode == "000000" ? null : $"{mode} {id}";
}
