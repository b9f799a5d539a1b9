using System.Collections.Concurrent;
using SeerMoe.Digests;

namespace SeerMoe.Torch.Tasks;

/// <summary>
/// What reading all rows of a task told, for as long as this process lives and the files are the same: a plan asks twice, and each point
/// of a sweep again.
/// </summary>
/// <typeparam name="T">What is asked: one kind of answer a type.</typeparam>
internal static class TaskReading<T>
{
    private static readonly ConcurrentDictionary<Key, T> Known = new();

    /// <param name="read">Reads the rows; a fault is told each time.</param>
    public static T Of(DefinedTask task, Func<T> read) => Known.GetOrAdd(new Key(task, StampsOf(task)), _ => read());

    private static string StampsOf(DefinedTask task) => string.Join('\n', task.Files.Select(path => File.Exists(path) ? $"{FileStamp.Of(path)}" : ""));

    /// <param name="Task">Its definition is the same object as long as the task file is the same.</param>
    private sealed record Key(DefinedTask Task, string Stamps);
}
