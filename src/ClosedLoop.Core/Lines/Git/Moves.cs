using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>
/// Tells content that was moved from content that was lost: a commit that takes a patch's lines from one place and puts them in another
/// has not undone it. Pure.
/// </summary>
internal static class Moves
{
    // A brace or a blank line is everywhere.
    private const int MinLineLength = 4;

    /// <summary>Whether half or more of the lines that a patch added are among those that a later patch adds, wherever in the tree.</summary>
    public static bool Keeps(ReadOnlySpan<byte> patch, ReadOnlySpan<byte> later)
    {
        var lines = Added(patch);
        if (lines.Count == 0) return false;
        int all = lines.Count;
        lines.IntersectWith(Added(later));
        return lines.Count * 2 >= all;
    }

    // Indentation changes with the place.
    private static HashSet<string> Added(ReadOnlySpan<byte> patch)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        bool inHunk = false;
        foreach (var range in patch.Split((byte)'\n'))
        {
            var line = patch[range];
            if (line.StartsWith("@@ "u8)) inHunk = true;
            else if (line.StartsWith("diff --git "u8)) inHunk = false;
            else if (inHunk && line.StartsWith("+"u8))
            {
                string text = Encoding.UTF8.GetString(line[1..]).Trim();
                if (text.Length >= MinLineLength) lines.Add(text);
            }
        }
        return lines;
    }
}
