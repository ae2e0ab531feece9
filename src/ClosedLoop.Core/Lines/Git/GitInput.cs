using System.Text;

namespace ClosedLoop.Lines.Git;

/// <summary>Input for git commands.</summary>
internal static class GitInput
{
    public static byte[] Lines(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(static l => l + "\n")));
}
