using System.Diagnostics;

namespace ClosedLoop.LoadRig.Git;

/// <summary>Runs git by the shell, with its output thrown away by the system and not by us.</summary>
internal static class GitCommand
{
    public static async Task<double> DiscardAsync(string path, string arguments, string revision)
    {
        long start = Clock.Start();
        await RunAsync($"exec git -C \"$1\" {arguments} \"$2\" -- > /dev/null", path, revision, input: null);
        return Clock.Seconds(start);
    }

    public static async Task RunAsync(string script, string path, string revision, Action<StreamWriter>? input)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = input is not null };
        foreach (string argument in new[] { "-c", script, "sh", path, revision }) start.ArgumentList.Add(argument);
        using var shell = Process.Start(start) ?? throw new ClaimFailedException("/bin/sh could not be started.");
        if (input is not null)
        {
            input(shell.StandardInput);
            shell.StandardInput.Close();
        }
        await shell.WaitForExitAsync();
        ClaimFailedException.Unless(shell.ExitCode == 0, $"git ended with {shell.ExitCode}: {script}");
    }
}
