namespace ClosedLoop.Samples.Tests;

/// <summary>The checkout's root.</summary>
internal static class DocsRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "ClosedLoop.sln")))
                return folder.FullName;
        throw new InvalidOperationException("The checkout's root was not found above the tests.");
    }
}
