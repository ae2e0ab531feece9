using System.ComponentModel;
using System.Diagnostics;

namespace ClosedLoop.AspNetCore.Tests.Metrics;

/// <summary>Debian's promtool, which reads metrics as Prometheus does and also judges their names and help.</summary>
internal static class Promtool
{
    /// <summary>What it says of metrics; empty when it has nothing to say.</summary>
    public static async Task<(int ExitCode, string Output)> CheckMetricsAsync(string text)
    {
        var start = new ProcessStartInfo("promtool") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("check");
        start.ArgumentList.Add("metrics");
        try
        {
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEndAsync();
            await process.StandardInput.WriteAsync(text);
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            return (process.ExitCode, await output + await error);
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException("promtool is not installed; run ./test.sh, which installs Debian's package prometheus.");
        }
    }
}
