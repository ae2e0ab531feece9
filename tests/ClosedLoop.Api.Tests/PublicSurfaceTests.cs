using System.Reflection;
using System.Runtime.CompilerServices;

namespace ClosedLoop.Api.Tests;

/// <summary>The public surface of each package changes only on purpose: <c>api/</c> holds it as text.</summary>
public sealed class PublicSurfaceTests
{
    public static TheoryData<string> Packages => new(Directory.GetFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(static p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Packages))]
    public void Public_surface_equals_its_baseline(string package)
    {
        string actual = PublicSurface.Of(Assembly.Load(package));
        string baseline = Path.Combine(Root, "api", package + ".txt");
        if (Environment.GetEnvironmentVariable("CLOSEDLOOP_UPDATE_API") == "1") File.WriteAllText(baseline, actual);
        Assert.True(File.Exists(baseline), $"api/{package}.txt is missing. Run the tests with CLOSEDLOOP_UPDATE_API=1 and review what it writes.");
        string expected = File.ReadAllText(baseline);
        Assert.True(expected == actual, $"The public surface of {package} differs from api/{package}.txt:\n{Difference(expected, actual)}\nIf that is on purpose: CLOSEDLOOP_UPDATE_API=1.");
    }

    [Fact]
    public void A_changed_surface_is_seen()
    {
        string text = PublicSurface.Of(typeof(IClosedLoop).Assembly);
        Assert.Contains("interface ClosedLoop.IClosedLoop", text, StringComparison.Ordinal);
        Assert.Contains("ValueTask<LoopStatus> GetStatusAsync(String itemId, CancellationToken cancellationToken = null)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ItemFold+", text, StringComparison.Ordinal);
        Assert.DoesNotContain("IntakeQueue", text, StringComparison.Ordinal);
    }

    private static string Root { get; } = FindRoot();

    internal static string FindRoot([CallerFilePath] string here = "")
    {
        // A deterministic build maps source paths, so the tests' own folder is the second way up.
        foreach (string start in (string[])[Path.GetDirectoryName(here)!, AppContext.BaseDirectory])
            for (var folder = new DirectoryInfo(start); folder is { Exists: true }; folder = folder.Parent)
                if (File.Exists(Path.Combine(folder.FullName, "ClosedLoop.sln")))
                    return folder.FullName;
        throw new InvalidOperationException("The checkout's root was not found above the tests.");
    }

    private static string Difference(string expected, string actual)
    {
        var old = expected.Split('\n').ToHashSet(StringComparer.Ordinal);
        var now = actual.Split('\n').ToHashSet(StringComparer.Ordinal);
        return string.Join('\n', old.Except(now).Select(static l => "- " + l).Concat(now.Except(old).Select(static l => "+ " + l)).Take(40));
    }
}
