using System.Diagnostics;

namespace ClosedLoop.Samples.Tests.CustomAdapter;

/// <summary><c>dotnet new closedloop-adapter</c> in an empty folder, against the packages: what comes out builds, runs and passes the kit.</summary>
public sealed class AdapterTemplateTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(10);
    private readonly string _folder = Directory.CreateTempSubdirectory("closedloop-template-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_sample_is_a_whole_adapter_in_less_than_120_lines() =>
        Assert.InRange(File.ReadAllLines(Path.Combine(DocsRoot.Path, "samples/CustomAdapter/ScannerAdapter.cs")).Length, 60, 119);

    [Fact]
    public async Task What_the_template_makes_passes_its_tests()
    {
        string feed = Path.Combine(_folder, "feed"), hive = Path.Combine(_folder, "hive"), work = Path.Combine(_folder, "work");
        Directory.CreateDirectory(work);
        foreach (string package in (string[])["ClosedLoop.Core", "ClosedLoop.Testing"])
            await DotnetAsync(DocsRoot.Path, "pack", $"src/{package}", "--no-build", "-c", Configuration, "-o", feed, "-v", "quiet");
        await DotnetAsync(work, "new", "install", Path.Combine(DocsRoot.Path, "samples"), "--debug:custom-hive", hive);
        await DotnetAsync(work, "new", "closedloop-adapter", "-n", "Acme.Reviews", "--system", "Reviewer", "-o", ".", "--debug:custom-hive", hive);
        await DotnetAsync(work, "new", "nugetconfig", "--debug:custom-hive", hive);
        await DotnetAsync(work, "nuget", "add", "source", feed, "--name", "built", "--configfile", Path.Combine(work, "nuget.config"));

        Assert.True(File.Exists(Path.Combine(work, "Acme.Reviews/ReviewerAdapter.cs")));
        Assert.DoesNotContain("canner", File.ReadAllText(Path.Combine(work, "Acme.Reviews/ReviewerAdapter.cs")), StringComparison.Ordinal);
        string report = await DotnetAsync(work, "test", "Acme.Reviews.Tests", "-v", "quiet");
        Assert.Contains("Passed!", report, StringComparison.Ordinal);
        Assert.Contains("HTTP 202, security-scan Passed", await DotnetAsync(work, "run", "--project", "Acme.Reviews"), StringComparison.Ordinal);
    }

    private static string Configuration => AppContext.BaseDirectory.Contains("release", StringComparison.OrdinalIgnoreCase) ? "Release" : "Debug";

    private async Task<string> DotnetAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // What runs this test must not decide how the other builds.
        foreach (string name in start.Environment.Keys.Where(static k => k.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        // Today's packages must not be found again tomorrow, so they are unpacked here; what others made is taken from where it is.
        start.Environment["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget/packages");
        if (folder.StartsWith(_folder, StringComparison.Ordinal)) start.Environment["NUGET_PACKAGES"] = Path.Combine(_folder, "packages");
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Deadline);
        string all = $"{await output}\n{await error}";
        Assert.True(process.ExitCode == 0, $"dotnet {string.Join(' ', arguments)}: {process.ExitCode}\n{all}");
        return all;
    }
}
