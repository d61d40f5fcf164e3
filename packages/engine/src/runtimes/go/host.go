// Loads a plugin as the platform's host does and answers in one line, and in a second one what came
// of calling it where a test event follows the token.
// Arguments: the plugin's file, then the symbols that it must have: the handler's, the initializer's.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"plugin"
	"reflect"
	"strings"
	"syscall"
	"time"
)

type answer struct {
	Ok      bool   `json:"ok"`
	Message string `json:"message,omitempty"`
	Path    string `json:"path,omitempty"`
}

func main() {
	// From the input, as the plugin could read it from the environment.
	input := bufio.NewReader(os.Stdin)
	token, _ := input.ReadString('\n')
	event, _ := input.ReadString('\n')
	tell := func(result any) {
		line, _ := json.Marshal(result)
		fmt.Printf("\n%s %s\n", strings.TrimSpace(token), line)
	}
	file, symbols := os.Args[1], os.Args[2:]
	found, message := load(file, symbols)
	if message != "" {
		tell(answer{Message: message, Path: file})
		return
	}
	tell(answer{Ok: true})
	if event != "" {
		tell(map[string]any{"called": call(found, []byte(strings.TrimSpace(event)))})
	}
}

// load finds the symbols, or says what is wrong.
func load(file string, symbols []string) (found []reflect.Value, message string) {
	// Opening runs the plugin's init functions.
	defer func() {
		if reason := recover(); reason != nil {
			found, message = nil, cut(fmt.Sprintf("its init panics: %v", reason))
		}
	}()
	opened, err := plugin.Open("./" + file)
	if err != nil {
		return nil, cut(err.Error())
	}
	for _, name := range symbols {
		symbol, err := opened.Lookup(name)
		if err != nil {
			return nil, cut(err.Error())
		}
		// Lookup gives a function itself, and a pointer to a variable.
		value := reflect.Indirect(reflect.ValueOf(symbol))
		if value.Kind() != reflect.Func {
			return nil, fmt.Sprintf("%s is a %s, not a function", name, reflect.TypeOf(symbol))
		}
		found = append(found, value)
	}
	return found, ""
}

type called struct {
	answer
	Answer      any     `json:"answer,omitempty"`
	Ms          float64 `json:"ms,omitempty"`
	MemoryBytes int64   `json:"memoryBytes,omitempty"`
}

// Longer answers are for a test of the function, not for one of its package.
const answerCharsMax = 32 * 1024

// call gives the event to the handler, after the initializer where there is one.
func call(functions []reflect.Value, event []byte) (result called) {
	defer func() {
		if reason := recover(); reason != nil {
			result = called{answer: answer{Message: cut(fmt.Sprintf("it panics: %v", reason))}}
		}
	}()
	if len(functions) > 1 {
		if _, err := invoke(functions[1], nil); err != nil {
			return called{answer: answer{Message: cut("its initializer: " + err.Error())}}
		}
	}
	started := time.Now()
	given, err := invoke(functions[0], event)
	if err != nil {
		return called{answer: answer{Message: cut(err.Error())}}
	}
	ms := float64(time.Since(started).Microseconds()) / 1000
	text, err := json.Marshal(given)
	if err != nil {
		return called{answer: answer{Message: cut("its answer is no JSON: " + err.Error())}}
	}
	if len(text) > answerCharsMax {
		message := fmt.Sprintf("its answer has %d characters as JSON; a test takes %d", len(text), answerCharsMax)
		return called{answer: answer{Message: message}}
	}
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return called{answer: answer{Ok: true}, Answer: json.RawMessage(text), Ms: ms, MemoryBytes: usage.Maxrss * 1024}
}

// invoke gives the event, as bytes or as what the function takes, and a context that is empty.
func invoke(function reflect.Value, event []byte) (any, error) {
	kind := function.Type()
	given := make([]reflect.Value, kind.NumIn())
	for at := range given {
		given[at] = reflect.Zero(kind.In(at))
	}
	if event != nil && len(given) > 0 {
		switch wanted := kind.In(0); {
		case wanted == reflect.TypeOf([]byte(nil)) || wanted == reflect.TypeOf(json.RawMessage(nil)):
			given[0] = reflect.ValueOf(event).Convert(wanted)
		case wanted.Kind() == reflect.String:
			given[0] = reflect.ValueOf(string(event)).Convert(wanted)
		default:
			place := reflect.New(wanted)
			if err := json.Unmarshal(event, place.Interface()); err != nil {
				return nil, fmt.Errorf("the event does not fit %s: %w", wanted, err)
			}
			given[0] = place.Elem()
		}
	}
	var answer any
	for _, result := range function.Call(given) {
		if err, isError := result.Interface().(error); isError && err != nil {
			return nil, err
		}
		if !result.Type().Implements(reflect.TypeOf((*error)(nil)).Elem()) {
			answer = result.Interface()
		}
	}
	if text, isBytes := answer.([]byte); isBytes {
		if json.Valid(text) {
			return json.RawMessage(text), nil
		}
		return string(text), nil
	}
	return answer, nil
}

func cut(message string) string {
	const most = 3000
	if len(message) > most {
		return message[:most]
	}
	return message
}
