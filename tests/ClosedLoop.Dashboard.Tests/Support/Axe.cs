using System.Text.Json;
using Microsoft.Playwright;

namespace ClosedLoop.Dashboard.Tests.Support;

/// <summary>axe-core, the accessibility checker, run inside a page.</summary>
internal static class Axe
{
    private static readonly Lazy<string> Source = new(() => File.ReadAllText(Find()));

    /// <summary>What it finds wrong by WCAG 2.2 A and AA and its own best practices: one line a finding.</summary>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in window")) await page.EvaluateAsync(Source.Value + ";0");
        string json = await page.EvaluateAsync<string>("""
            async () => {
              const result = await axe.run(document, { resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
              return JSON.stringify(result.violations.map(v => v.id + ": " + v.help + " at " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " (" + (n.any[0] || n.all[0] || n.none[0] || {}).message + ")").join(" | ")));
            }
            """);
        return JsonSerializer.Deserialize<string[]>(json)!;
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("AXE_CORE") is { Length: > 0 } path) return path;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, "artifacts", "test-input", "axe", "node_modules", "axe-core", "axe.min.js");
            if (File.Exists(candidate)) return candidate;
        }
        throw new InvalidOperationException("axe-core was not found: run ./test.sh once, which fetches it, or name axe.min.js by the environment variable AXE_CORE.");
    }
}
