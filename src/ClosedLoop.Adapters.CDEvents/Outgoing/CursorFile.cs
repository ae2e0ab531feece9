using System.Globalization;

namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>Remembers a place in the log in a file, replaced whole.</summary>
internal sealed class CursorFile(string path)
{
    /// <summary>The place, or null when there is no file.</summary>
    /// <exception cref="InvalidOperationException">The file holds something else.</exception>
    public long? Read()
    {
        if (!File.Exists(path)) return null;
        return long.TryParse(File.ReadAllText(path).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long place)
            ? place
            : throw new InvalidOperationException($"The cursor file {path} holds no number; write the last sequence that was sent into it, or delete it to begin anew.");
    }

    public void Write(long place)
    {
        string next = path + ".next";
        using (var stream = new FileStream(next, FileMode.Create, FileAccess.Write))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(place.ToString(CultureInfo.InvariantCulture)));
            stream.Flush(flushToDisk: true);
        }
        File.Move(next, path, overwrite: true);
    }
}
