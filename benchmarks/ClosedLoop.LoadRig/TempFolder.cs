namespace ClosedLoop.LoadRig;

/// <summary>A folder that is gone afterwards. On a disk: in memory a commit costs nothing and shows nothing.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("closedloop-rig-");

    public string Path => _folder.FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => _folder.Delete(recursive: true);
}
