using System.Diagnostics;

namespace ClosedLoop.Storage.Tests;

/// <summary>
/// A file system of its own with little room, in memory, and a ballast on it: without the ballast there is room again. Mounting needs root;
/// where it is not permitted, tests have <see cref="FileLimit"/>, which needs nothing.
/// </summary>
internal sealed class FullDisk : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("closedloop-disk-");

    private FullDisk()
    {
    }

    /// <summary>How a test can run out of room here: always true for a limit of files, and false, a full disk, where this process may mount.</summary>
    public static TheoryData<bool> ByFileLimit => IsPermitted ? [true, false] : [true];

    public string Path => _directory.FullName;

    private static bool IsPermitted { get; } = TryMount();

    private string Ballast => System.IO.Path.Combine(Path, "ballast");

    public static FullDisk Mount(int megabytes, int ballastMegabytes)
    {
        var disk = new FullDisk();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=777", "tmpfs", disk.Path) is { } error)
        {
            disk._directory.Delete();
            throw new InvalidOperationException($"No file system could be mounted on {disk.Path}: {error}");
        }
        // Written, and not only sized: a hole would take no room.
        File.WriteAllBytes(disk.Ballast, new byte[ballastMegabytes << 20]);
        return disk;
    }

    public void MakeRoom() => File.Delete(Ballast);

    public void Dispose()
    {
        // Lazily: a server that has just been told to stop may have a file open for another moment.
        Run("umount", "-l", Path);
        _directory.Delete();
    }

    private static bool TryMount()
    {
        try
        {
            using (Mount(1, 0)) return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string? Run(params string[] line)
    {
        var start = new ProcessStartInfo(line[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in line[1..]) start.ArgumentList.Add(argument);
        try
        {
            using var process = Process.Start(start)!;
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : errors;
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            return error.Message;
        }
    }
}
