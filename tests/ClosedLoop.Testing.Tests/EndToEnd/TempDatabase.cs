namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>A folder of its own for one SQLite file and what lies beside it.</summary>
internal sealed class TempDatabase : IDisposable
{
    private TempDatabase(string folder) => Folder = folder;

    public string Folder { get; }

    public string Path => System.IO.Path.Combine(Folder, "loop.db");

    public static TempDatabase Create() => new(Directory.CreateTempSubdirectory("closedloop-e2e-").FullName);

    /// <summary>On another disk.</summary>
    public static TempDatabase Create(string disk) => new(Directory.CreateDirectory(System.IO.Path.Combine(disk, "record")).FullName);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
