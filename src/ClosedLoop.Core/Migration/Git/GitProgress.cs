namespace ClosedLoop.Migration;

/// <summary>How far the reading of a clone has come. The total is not known before the end: git streams its history.</summary>
/// <param name="CommitsRead">Commits read so far.</param>
/// <param name="At">The committer time of the commit read last; it moves back in time, roughly steadily.</param>
public readonly record struct GitProgress(int CommitsRead, DateTimeOffset At);
