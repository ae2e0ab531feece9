using System.Diagnostics;
using System.Globalization;

namespace ClosedLoop.Storage.Tests;

/// <summary>
/// Processes that may not write files beyond a size (RLIMIT_FSIZE): each write beyond it fails, as on a full disk, though with another
/// errno (EFBIG). The limit is a soft one, so that it can be lifted without any right. Needs Debian's util-linux, which is always there.
/// </summary>
internal static class FileLimit
{
    /// <summary>The command line that starts a program under the limit. Without the trap the kernel would end it at the first such write.</summary>
    public static string[] Command(long largestFileBytes, params string[] line) =>
        ["bash", "-c", "trap '' XFSZ; exec \"$@\"", "limited", "prlimit", string.Create(CultureInfo.InvariantCulture, $"--fsize={largestFileBytes}:"), .. line];

    /// <summary>Lifts the limit of a process that runs.</summary>
    public static void Lift(int processId)
    {
        using var process = Process.Start("prlimit", ["--pid", processId.ToString(CultureInfo.InvariantCulture), "--fsize=unlimited:"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
