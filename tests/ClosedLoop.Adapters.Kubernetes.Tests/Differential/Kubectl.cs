using System.ComponentModel;
using System.Diagnostics;

namespace ClosedLoop.Adapters.Kubernetes.Tests.Differential;

/// <summary>Runs the real kubectl against a server of the test, with a home and a cache of its own.</summary>
internal sealed class Kubectl : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("closedloop-kubectl-");

    /// <summary>Runs it; the exit code and what it wrote, trimmed.</summary>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(Uri server, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("kubectl") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        foreach (string argument in (string[])[$"--server={server.AbsoluteUri.TrimEnd('/')}", "--kubeconfig=/dev/null", $"--cache-dir={_home.FullName}", $"--namespace={Support.Given.Namespace}"]) start.ArgumentList.Add(argument);
        start.Environment["HOME"] = _home.FullName;
        start.Environment.Remove("KUBECONFIG");
        Process? process;
        try
        {
            process = Process.Start(start);
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException("kubectl is not installed; run ./test.sh once, which installs what the tests need (Debian: kubernetes-client).", e);
        }
        using (process)
        using (var deadline = new CancellationTokenSource(Deadline))
        {
            var output = process!.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            try
            {
                await process.WaitForExitAsync(deadline.Token);
                return (process.ExitCode, (await output).Trim(), (await error).Trim());
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"kubectl {string.Join(' ', start.ArgumentList)} did not end within {Deadline}.");
            }
        }
    }

    public void Dispose() => _home.Delete(recursive: true);
}
